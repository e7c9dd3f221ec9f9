//! A bare epoll loop, as `bare RESPONSE ADDR:PORT`. It searches for the ends of requests, parses
//! nothing, and answers each request with the bytes of the file RESPONSE, from memory. So it
//! shows what the kernel alone costs: a server's own work is what it takes beyond this.
//!
//! If the response says `Connection: close`, the connection ends after it.

use std::io;
use std::net::{SocketAddr, TcpListener};
use std::os::fd::{AsRawFd, OwnedFd};

use memchr::memmem::Finder;
use rustix::buffer::spare_capacity;
use rustix::event::epoll::{self, EventData, EventFlags};
use rustix::io::Errno;
use rustix::net::SocketFlags;
use socket2::{Domain, Socket, Type};

/// The end of a request that has no body.
const END: &[u8] = b"\r\n\r\n";
/// How many responses leave in one write, if they fit: with more they are as long as this.
const BLOCK: usize = 64 * 1024;

fn main() -> io::Result<()> {
    let mut arguments = std::env::args().skip(1);
    let file = arguments.next().expect("a file that holds the response");
    let address = arguments.next().expect("an address");
    let answers = Answers::new(&std::fs::read(file)?);
    serve(&listen(address.parse().expect("an address"))?, &answers)
}

/// With the options that `final` has, so that its connections behave the same.
fn listen(address: SocketAddr) -> io::Result<TcpListener> {
    let socket = Socket::new(Domain::for_address(address), Type::STREAM, None)?;
    socket.set_reuse_address(true)?;
    socket.set_tcp_nodelay(true)?;
    socket.set_nonblocking(true)?;
    socket.bind(&address.into())?;
    socket.listen(4096)?;
    Ok(socket.into())
}

fn serve(listener: &TcpListener, answers: &Answers) -> io::Result<()> {
    let epoll = epoll::create(epoll::CreateFlags::CLOEXEC)?;
    let token = EventData::new_u64(listener.as_raw_fd() as u64);
    epoll::add(&epoll, listener, token, EventFlags::IN)?;
    // By their descriptors.
    let mut clients: Vec<Option<Client>> = Vec::new();
    let mut scratch = vec![0; 64 * 1024];
    let mut events = Vec::with_capacity(1024);
    loop {
        events.clear();
        match epoll::wait(&epoll, spare_capacity(&mut events), None) {
            Err(Errno::INTR) => continue,
            waited => waited?,
        };
        for event in &events {
            let at = event.data.u64() as usize;
            if at == listener.as_raw_fd() as usize {
                accept(listener, &epoll, &mut clients)?;
            } else if let Some(client) = &mut clients[at]
                && !client.ready(&epoll, answers, &mut scratch)
            {
                clients[at] = None;
            }
        }
    }
}

/// Lets one client in: if more wait, epoll says so again.
fn accept(
    listener: &TcpListener,
    epoll: &OwnedFd,
    clients: &mut Vec<Option<Client>>,
) -> io::Result<()> {
    let flags = SocketFlags::NONBLOCK | SocketFlags::CLOEXEC;
    let Ok(socket) = rustix::net::accept_with(listener, flags) else { return Ok(()) };
    let at = socket.as_raw_fd() as usize;
    epoll::add(epoll, &socket, EventData::new_u64(at as u64), EventFlags::IN)?;
    if clients.len() <= at {
        clients.resize_with(at + 1, || None);
    }
    clients[at] = Some(Client { socket, matched: 0, owed: 0, next: 0, writes: false });
    Ok(())
}

/// The response, as often as it fits.
struct Answers {
    length: usize,
    block: Vec<u8>,
    last: bool,
    end: Finder<'static>,
}

impl Answers {
    fn new(response: &[u8]) -> Answers {
        let length = response.len();
        let last = Finder::new("\r\nConnection: close\r\n").find(response).is_some();
        let block = response.repeat((BLOCK / length).max(1));
        Answers { length, block, last, end: Finder::new(END) }
    }
}

struct Client {
    socket: OwnedFd,
    /// How much of [`END`] the last read ended with.
    matched: usize,
    /// How many bytes are still to be sent.
    owed: usize,
    /// Where in the block they begin.
    next: usize,
    /// Whether it waits for the socket to take more.
    writes: bool,
}

impl Client {
    /// Whether it goes on. Errors are its end.
    fn ready(&mut self, epoll: &OwnedFd, answers: &Answers, scratch: &mut [u8]) -> bool {
        match self.turn(answers, scratch) {
            Ok(()) | Err(Errno::AGAIN | Errno::INTR) => {}
            Err(_) => return false,
        }
        if self.writes != (self.owed > 0) {
            self.writes = !self.writes;
            let flags = if self.writes { EventFlags::OUT } else { EventFlags::IN };
            let token = EventData::new_u64(self.socket.as_raw_fd() as u64);
            return epoll::modify(epoll, &self.socket, token, flags).is_ok();
        }
        true
    }

    /// While something is owed, nothing is read. The end of what the peer sends, and the end of
    /// the last response, are errors.
    fn turn(&mut self, answers: &Answers, scratch: &mut [u8]) -> Result<(), Errno> {
        if self.owed == 0 {
            let count = rustix::io::read(&self.socket, &mut *scratch)?;
            if count == 0 {
                return Err(Errno::PIPE);
            }
            self.owed = self.ends(&answers.end, &scratch[..count]) * answers.length;
        }
        while self.owed > 0 {
            let end = answers.block.len().min(self.next + self.owed);
            let count = rustix::io::write(&self.socket, &answers.block[self.next..end])?;
            self.owed -= count;
            self.next = (self.next + count) % answers.block.len();
            if self.owed == 0 && answers.last {
                return Err(Errno::PIPE);
            }
        }
        self.next = 0;
        Ok(())
    }

    /// How many requests end in these bytes.
    fn ends(&mut self, finder: &Finder, mut bytes: &[u8]) -> usize {
        let mut count = 0;
        if self.matched > 0 {
            let rest = &END[self.matched..];
            if bytes.len() < rest.len() && rest.starts_with(bytes) {
                self.matched += bytes.len();
                return 0;
            }
            if let Some(after) = bytes.strip_prefix(rest) {
                count += 1;
                bytes = after;
            }
        }
        while let Some(at) = finder.find(bytes) {
            count += 1;
            bytes = &bytes[at + END.len()..];
        }
        let begun = (1..END.len()).rev().find(|&length| bytes.ends_with(&END[..length]));
        self.matched = begun.unwrap_or(0);
        count
    }
}
