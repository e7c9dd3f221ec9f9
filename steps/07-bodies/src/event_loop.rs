use std::io::ErrorKind;
use std::os::fd::OwnedFd;

use crate::buffers::Scratch;
use crate::connection::{Connection, State};
use crate::protocol::Protocol;
use crate::sys;

pub fn run<P: Protocol>(listener: &OwnedFd, protocol: &mut P) -> ! {
    let mut scratch = Scratch::default();
    let mut connections: Vec<Connection<P>> = Vec::new();
    let mut entries = Vec::new();
    loop {
        entries.clear();
        entries.push(sys::poll_entry(listener, libc::POLLIN));
        for connection in &connections {
            entries.push(sys::poll_entry(&connection.socket, connection.interest()));
        }
        if let Err(error) = sys::poll(&mut entries) {
            if error.kind() != ErrorKind::Interrupted {
                connections.pop();
            }
            continue;
        }

        for (connection, entry) in connections.iter_mut().zip(&entries[1..]) {
            if entry.revents != 0 {
                connection.ready(protocol, &mut scratch);
            }
        }
        connections.retain(|connection| connection.state != State::End);
        if entries[0].revents != 0 {
            accept(listener, protocol, &mut connections);
        }
    }
}

fn accept<P: Protocol>(
    listener: &OwnedFd,
    protocol: &mut P,
    connections: &mut Vec<Connection<P>>,
) {
    while let Ok(socket) = sys::accept(listener) {
        connections.push(Connection::new(socket, protocol.open()));
    }
}
