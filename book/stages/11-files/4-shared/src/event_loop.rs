use std::io::{self, ErrorKind};
use std::os::fd::OwnedFd;

use crate::buffers::Scratch;
use crate::connection::{Connection, Wants};
use crate::protocol::Protocol;
use crate::sys::{self, Interest};

pub fn run<P: Protocol>(listener: &OwnedFd, protocol: &mut P) -> ! {
    let mut scratch = Scratch::default();
    let mut clients: Vec<Client<P>> = Vec::new();
    let mut entries = Vec::new();
    loop {
        entries.clear();
        entries.push(sys::poll_entry(listener, Interest::Read));
        for client in &clients {
            entries.push(sys::poll_entry(&client.socket, client.interest()));
        }
        if let Err(error) = sys::poll(&mut entries) {
            if error.kind() != ErrorKind::Interrupted {
                clients.pop();
            }
            continue;
        }

        let mut answers = entries[1..].iter().map(|entry| entry.revents);
        clients.retain_mut(|client| match answers.next() {
            Some(0) => true,
            _ => client.ready(protocol, &mut scratch),
        });
        if entries[0].revents != 0 {
            accept(listener, protocol, &mut clients);
        }
    }
}

fn accept<P: Protocol>(
    listener: &OwnedFd,
    protocol: &mut P,
    clients: &mut Vec<Client<P>>,
) {
    loop {
        match sys::accept(listener) {
            Ok(socket) => {
                let connection = Connection::new(protocol.open());
                clients.push(Client { socket, connection });
            }
            Err(error) if sys::concerns_one_client(&error) => {}
            Err(_) => return,
        }
    }
}

struct Client<P: Protocol> {
    socket: OwnedFd,
    connection: Connection<P>,
}

impl<P: Protocol> Client<P> {
    fn interest(&self) -> Interest {
        match self.connection.wants() {
            Wants::Receive => Interest::Read,
            Wants::Send { .. } => Interest::Write,
            Wants::End => Interest::Nothing,
        }
    }

    fn ready(&mut self, protocol: &mut P, scratch: &mut Scratch) -> bool {
        match self.turn(protocol, scratch) {
            Err(error) if !sys::try_again(&error) => false,
            _ => !matches!(self.connection.wants(), Wants::End),
        }
    }

    fn turn(&mut self, protocol: &mut P, scratch: &mut Scratch) -> io::Result<()> {
        let Scratch { input, output } = scratch;
        if let Wants::Receive = self.connection.wants() {
            let count = sys::read(&self.socket, input)?;
            self.connection.received(protocol, &input[..count], output);
        }
        while let Wants::Send { bytes, more } = self.connection.wants() {
            let offered = bytes.len();
            let count = match more {
                true => sys::write_with_more(&self.socket, bytes)?,
                false => sys::write(&self.socket, bytes)?,
            };
            self.connection.sent(protocol, count, output);
            if count < offered {
                break;
            }
        }
        Ok(())
    }
}
