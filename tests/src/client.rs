//! A client: connecting, and the verbs that send. Those that receive are in
//! `conversation.rs`.

use std::fmt;
use std::io::{self, ErrorKind, Read};
use std::net::{Shutdown, SocketAddr, TcpStream};
use std::time::{Duration, Instant};

use socket2::{Domain, SockRef, Socket, Type};

use crate::check::Attempt;
use crate::dialect::Dialect;
use crate::failure::{Failure, Kind};
use crate::patience::Wait;
use crate::process::ProcessTree;
use crate::script::{Left, Said};
use crate::sockets::{self, End, Pause, Unread};
use crate::transcript::{Transcript, amount, shown};
use crate::writing::{write_patiently, write_within};

pub struct Client {
    pub name: String,
    pub(crate) socket: TcpStream,
    pub(crate) inbox: Inbox,
    pub(crate) dialect: Dialect,
    /// How many questions it asked, see [`crate::dialect`].
    pub(crate) asked: u64,
    /// How long the server may take for the next byte.
    pub(crate) patience: Duration,
    pub(crate) server: ProcessTree,
    transcript: Transcript,
    /// Its number in the script.
    number: usize,
    quiet: bool,
}

/// What came and wasn't looked at yet.
#[derive(Default)]
pub(crate) struct Inbox {
    bytes: Vec<u8>,
    start: usize,
}

/// What a wait for more ended with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Heard {
    More,
    End,
    Reset,
    Silence,
}

impl fmt::Display for Heard {
    fn fmt(&self, out: &mut fmt::Formatter) -> fmt::Result {
        out.write_str(match self {
            Heard::More => "more",
            Heard::End => "the end",
            Heard::Reset => "a reset",
            Heard::Silence => "nothing",
        })
    }
}

/// How a client connects.
#[derive(Clone)]
pub(crate) struct Wiring {
    pub name: String,
    pub address: SocketAddr,
    pub server: ProcessTree,
    pub dialect: Dialect,
    pub patience: Duration,
    pub transcript: Transcript,
    /// Says nothing in the transcript.
    pub quiet: bool,
    /// Receives through the smallest buffer the kernel allows, and sends through a small one.
    /// Its segments are short, as to a network card: the loopback's, of 64 KiB, would let the
    /// server's own buffer grow to megabytes.
    pub small_buffers: bool,
}

/// A server that takes nothing for this long, and sleeps, has stopped reading.
const REFUSAL: Duration = Duration::from_millis(300);
/// A connection for which the server's queue had no room is tried again after one second, and
/// then after three.
const CONNECTED: Duration = Duration::from_secs(5);
/// And so what a server has written may take as long.
const DELIVERED: Duration = Duration::from_secs(5);
/// So often one that doesn't sleep is waited for.
pub(crate) const WAKEFUL: usize = 15;

impl Client {
    pub(crate) fn connect(wiring: Wiring) -> Attempt<Client> {
        let number = wiring.transcript.joins(&wiring.name, wiring.quiet);
        let refused = |error: io::Error| match error.kind() {
            ErrorKind::ConnectionRefused
            | ErrorKind::ConnectionReset
            | ErrorKind::TimedOut => {
                let error = error.to_string();
                Failure::new(Kind::Refused { error }).of(&wiring.name)
            }
            _ => Failure::own("open one more connection", error),
        };
        let socket = wiring.socket().map_err(refused)?;
        let client = Client {
            name: wiring.name,
            socket,
            inbox: Inbox::default(),
            dialect: wiring.dialect,
            asked: 0,
            patience: wiring.patience,
            server: wiring.server,
            transcript: wiring.transcript,
            number,
            quiet: wiring.quiet,
        };
        client.says(|said| said.reads_late = wiring.small_buffers);
        match wiring.small_buffers {
            true => client.note("connects, with small buffers"),
            false => client.note("connects"),
        }
        Ok(client)
    }

    /// Sends all of it. A server that has closed doesn't fail this: what comes next shows it.
    pub fn send(&mut self, bytes: impl AsRef<[u8]>) -> Attempt {
        let bytes = bytes.as_ref();
        self.note(format!("→ {}", shown(bytes)));
        self.send_unnoted(bytes)
    }

    pub(crate) fn send_unnoted(&mut self, bytes: &[u8]) -> Attempt {
        self.says(|said| said.sent(bytes));
        let taken = write_patiently(&self.socket, bytes, self.server, self.patience);
        match taken {
            Ok(taken) if taken < bytes.len() => Err(self.not_taken(bytes.len(), taken)),
            _ => Ok(()),
        }
    }

    /// One byte at a time, each a segment of its own.
    pub fn drip(&mut self, bytes: impl AsRef<[u8]>) -> Attempt {
        let bytes = bytes.as_ref();
        self.note(format!("→ {}, one byte at a time", shown(bytes)));
        for byte in bytes {
            self.send_unnoted(&[*byte])?;
            // A pace, so that the server reads it in as many pieces.
            std::thread::sleep(Duration::from_millis(1));
        }
        Ok(())
    }

    /// Sends for as long as the server takes any; gives back how much it took.
    pub fn send_until_refused(&mut self, bytes: &[u8]) -> usize {
        let (mut taken, mut refusals) = (0, 0);
        while taken < bytes.len() && refusals < WAKEFUL {
            let more = write_within(&self.socket, &bytes[taken..], REFUSAL);
            taken += more.unwrap_or_else(|more| more);
            match more {
                Err(_) => break,
                Ok(1..) => refusals = 0,
                Ok(0) if self.server.sleeps() && self.is_left_unread() => break,
                Ok(0) => refusals += 1,
            }
        }
        // By hand the buffers are larger, and take more.
        self.says(|said| said.sent(bytes));
        taken
    }

    /// Whether something has arrived at the server that it doesn't read.
    fn is_left_unread(&self) -> bool {
        self.unread().is_none_or(|unread| unread.arrived > 0)
    }

    pub(crate) fn unread(&self) -> Option<Unread> {
        let (own, peer) = (self.socket.local_addr().ok()?, self.socket.peer_addr().ok()?);
        sockets::unread_between(own, peer)
    }

    /// Whether the server's kernel still has something for this client.
    fn is_owed_more(&self) -> bool {
        let ends = (self.socket.peer_addr(), self.socket.local_addr());
        let (Ok(server), Ok(own)) = ends else { return false };
        End::of(server, own).is_some_and(|end| end.unacknowledged > 0)
    }

    /// Waits until the server has read all that was sent.
    pub fn until_read(&self) -> Attempt {
        let (mut wait, mut pause) = (Wait::new(self.server, self.patience), Pause::new());
        while let Some(unread) = self.unread()
            && unread.total() > 0
        {
            if wait.is_over() {
                let what = "the server reads what it is sent";
                let left = format!("{} are", amount(unread.total()));
                return Err(Failure::fact(what, "nothing is left", left).of(&self.name));
            }
            pause.sleep();
        }
        Ok(())
    }

    /// Says that no more will come, and still reads.
    pub fn half_close(&mut self) -> Attempt {
        self.half_closes();
        let _ = self.socket.shutdown(Shutdown::Write);
        Ok(())
    }

    /// What is written down of it.
    pub(crate) fn half_closes(&self) {
        self.note("closes its sending half");
        self.says(|said| said.half_closed = true);
    }

    pub fn close(self) {
        self.note("closes");
        self.says(|said| said.left = Some(Left::Closed));
    }

    /// Leaves without a goodbye: the server gets a reset.
    pub fn reset(self) {
        self.note("resets the connection");
        self.says(|said| said.left = Some(Left::Reset));
        let _ = SockRef::from(&self.socket).set_linger(Some(Duration::ZERO));
    }

    /// A line of the transcript that begins with the client's name.
    pub fn note(&self, text: impl AsRef<str>) {
        if !self.quiet {
            let line = format!("{} {}", self.name, text.as_ref());
            self.transcript.note(line.trim_end());
        }
    }

    fn says(&self, change: impl FnOnce(&mut Said)) {
        self.transcript.says(self.number, change);
    }

    pub(crate) fn not_taken(&self, sent: usize, taken: usize) -> Box<Failure> {
        let what = "the server reads what it is sent";
        let [sent, taken] =
            [sent, taken].map(|bytes| format!("it takes {}", amount(bytes)));
        Failure::fact(what, sent, taken).of(&self.name)
    }

    /// A client with small buffers reads at last, and fast.
    pub(crate) fn widen(&self) {
        let _ = SockRef::from(&self.socket).set_recv_buffer_size(1 << 20);
    }

    /// Waits for more bytes and puts them into the inbox. Silence is the server's only when it
    /// sleeps, and when all that it said has come: after a stall the kernels may take seconds to
    /// hand over what the server has written.
    pub(crate) fn hear(&mut self, patience: Duration) -> Heard {
        let (start, mut wait) = (Instant::now(), Wait::new(self.server, patience));
        let mut time = patience;
        loop {
            match self.hear_within(time) {
                Heard::Silence if !wait.is_over() => time = Wait::GLANCE,
                Heard::Silence if self.is_owed_more() && start.elapsed() < DELIVERED => {
                    time = Wait::GLANCE;
                }
                heard => return heard,
            }
        }
    }

    fn hear_within(&mut self, time: Duration) -> Heard {
        let _ = self.socket.set_read_timeout(Some(time.max(Duration::from_millis(1))));
        let mut buffer = [0; 64 * 1024];
        loop {
            return match self.socket.read(&mut buffer) {
                Ok(0) => Heard::End,
                Ok(read) => {
                    self.inbox.push(&buffer[..read]);
                    Heard::More
                }
                Err(error) => match error.kind() {
                    ErrorKind::Interrupted => continue,
                    ErrorKind::WouldBlock | ErrorKind::TimedOut => Heard::Silence,
                    _ => Heard::Reset,
                },
            };
        }
    }
}

impl Inbox {
    pub fn unread(&self) -> &[u8] {
        &self.bytes[self.start..]
    }

    pub fn push(&mut self, bytes: &[u8]) {
        self.bytes.drain(..self.start);
        self.start = 0;
        self.bytes.extend(bytes);
    }

    pub fn take(&mut self, amount: usize) -> Vec<u8> {
        let taken = self.unread()[..amount].to_vec();
        self.start += amount;
        taken
    }

    pub fn skip(&mut self, amount: usize) {
        self.start += amount;
    }

    pub fn take_all(&mut self) -> Vec<u8> {
        self.take(self.unread().len())
    }
}

impl Wiring {
    fn socket(&self) -> io::Result<TcpStream> {
        let socket = Socket::new(Domain::for_address(self.address), Type::STREAM, None)?;
        if self.small_buffers {
            socket.set_recv_buffer_size(1)?;
            socket.set_send_buffer_size(64 * 1024)?;
            socket.set_tcp_mss(1000)?;
        }
        socket.set_tcp_nodelay(true)?;
        socket.connect_timeout(&self.address.into(), self.patience.max(CONNECTED))?;
        Ok(socket.into())
    }
}
