#![deny(unsafe_code)]

mod connection;
mod sys;

use std::io::{self, ErrorKind};
use std::net::SocketAddrV4;
use std::os::fd::OwnedFd;
use std::process::ExitCode;

use connection::{Connection, State};

const STEP: &str = env!("CARGO_PKG_NAME");

fn main() -> ExitCode {
    let argument = std::env::args().nth(1);
    let Ok(address) = argument.as_deref().unwrap_or("127.0.0.1:8080").parse() else {
        eprintln!("usage: {STEP} [ADDR:PORT]");
        return ExitCode::from(2);
    };
    if let Err(error) = serve(address) {
        eprintln!("{STEP}: {address}: {error}");
    }
    ExitCode::FAILURE
}

fn serve(address: SocketAddrV4) -> io::Result<()> {
    let listener = sys::socket()?;
    sys::set_option(&listener, libc::SOL_SOCKET, libc::SO_REUSEADDR)?;
    sys::bind(&listener, address)?;
    sys::listen(&listener)?;
    println!("listening on {}", sys::local_address(&listener)?);

    let mut connections: Vec<Connection> = Vec::new();
    let mut entries = Vec::new();
    loop {
        entries.clear();
        entries.push(sys::poll_entry(&listener, libc::POLLIN));
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
                connection.ready();
            }
        }
        connections.retain(|connection| connection.state != State::End);
        if entries[0].revents != 0 {
            accept(&listener, &mut connections);
        }
    }
}

fn accept(listener: &OwnedFd, connections: &mut Vec<Connection>) {
    while let Ok(socket) = sys::accept(listener) {
        connections.push(Connection::new(socket));
    }
}
