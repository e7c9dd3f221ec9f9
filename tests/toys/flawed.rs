//! A server with one flaw, for the hostile kernel to find: `flawed FLAW ADDR:PORT`. It echoes
//! bytes; with `drops-leftovers` it counts lines as step 4 does. `none` has no flaw.

use std::io::{ErrorKind, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::os::fd::AsFd;

use nix::poll::{PollFd, PollFlags, PollTimeout, poll};

struct Client {
    socket: TcpStream,
    input: Vec<u8>,
    output: Vec<u8>,
    lines: u64,
}

fn main() {
    let mut arguments = std::env::args().skip(1);
    let flaw = arguments.next().expect("a flaw");
    let address = arguments.next().expect("an address");
    let listener = TcpListener::bind(address).expect("the address is free");
    listener.set_nonblocking(true).expect("a listener may be nonblocking");
    let mut clients: Vec<Client> = Vec::new();
    let mut lines = 0;
    loop {
        let mut entries = vec![PollFd::new(listener.as_fd(), PollFlags::POLLIN)];
        entries.extend(clients.iter().map(|client| {
            let waits = client.output.is_empty();
            let events = if waits { PollFlags::POLLIN } else { PollFlags::POLLOUT };
            PollFd::new(client.socket.as_fd(), events)
        }));
        if let Err(error) = poll(&mut entries, PollTimeout::NONE) {
            assert!(flaw != "dies-of-an-interruption", "{error}");
            continue;
        }
        let ready: Vec<bool> =
            entries.iter().map(|it| it.any().unwrap_or_default()).collect();
        let mut turns = ready[1..].iter();
        clients.retain_mut(|client| match turns.next() {
            Some(true) => client.turn(&flaw, &mut lines),
            _ => true,
        });
        if ready[0] {
            accept(&listener, &mut clients, &flaw);
        }
    }
}

fn accept(listener: &TcpListener, clients: &mut Vec<Client>, flaw: &str) {
    loop {
        match listener.accept() {
            Ok((socket, _)) => {
                // A socket that blocks would hold up all others.
                if socket.set_nonblocking(true).is_ok() {
                    let (input, output, lines) = (Vec::new(), Vec::new(), 0);
                    clients.push(Client { socket, input, output, lines });
                }
            }
            Err(error) if error.kind() == ErrorKind::WouldBlock => return,
            Err(error) => {
                assert!(flaw != "dies-of-a-failed-accept", "{error}");
                return;
            }
        }
    }
}

impl Client {
    /// Whether it stays.
    fn turn(&mut self, flaw: &str, lines: &mut u64) -> bool {
        if self.output.is_empty() {
            let mut buffer = [0; 16 * 1024];
            match self.socket.read(&mut buffer) {
                Ok(0) => return false,
                Ok(count) if flaw == "drops-leftovers" => {
                    self.input.extend(&buffer[..count]);
                    self.count_lines(lines);
                }
                Ok(count) => self.output.extend(&buffer[..count]),
                Err(error) => return flaw != "ends-when-unready" && may_pass(&error),
            }
        }
        loop {
            match self.socket.write(&self.output) {
                Ok(_) if flaw == "loses-what-is-not-taken" => self.output.clear(),
                Ok(count) => _ = self.output.drain(..count),
                Err(_) if flaw == "spins-when-full" => continue,
                Err(error) => return may_pass(&error),
            }
            return true;
        }
    }

    fn count_lines(&mut self, all: &mut u64) {
        for line in self.input.split_inclusive(|&byte| byte == b'\n') {
            let Some(text) = line.strip_suffix(b"\n") else { break };
            self.lines += 1;
            *all += 1;
            self.output.extend(text.strip_suffix(b"\r").unwrap_or(text));
            let counts = format!(" ({} here, {all} in all)\n", self.lines);
            self.output.extend(counts.as_bytes());
        }
        // Here it is: a line that hasn't come to its end.
        self.input.clear();
    }
}

fn may_pass(error: &std::io::Error) -> bool {
    matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::Interrupted)
}
