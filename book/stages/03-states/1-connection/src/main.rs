#![deny(unsafe_code)]

mod connection;
mod sys;

use std::io::{self, ErrorKind};
use std::net::SocketAddrV4;
use std::os::fd::OwnedFd;
use std::process::ExitCode;

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

    let mut sockets = Vec::new();
    let mut entries = Vec::new();
    loop {
        entries.clear();
        entries.push(sys::poll_entry(&listener, libc::POLLIN));
        for socket in &sockets {
            entries.push(sys::poll_entry(socket, libc::POLLIN));
        }
        sys::poll(&mut entries)?;

        let mut answers = entries[1..].iter().map(|entry| entry.revents);
        sockets.retain(|socket| match answers.next() {
            Some(0) => true,
            _ => echo(socket),
        });
        if entries[0].revents != 0 {
            accept(&listener, &mut sockets)?;
        }
    }
}

fn accept(listener: &OwnedFd, sockets: &mut Vec<OwnedFd>) -> io::Result<()> {
    loop {
        match sys::accept(listener) {
            Ok(socket) => sockets.push(socket),
            Err(error) if error.kind() == ErrorKind::WouldBlock => return Ok(()),
            Err(error) => return Err(error),
        }
    }
}

fn echo(socket: &OwnedFd) -> bool {
    let mut buffer = [0; 16 * 1024];
    let Ok(received) = sys::read(socket, &mut buffer) else {
        return false;
    };
    // What doesn't fit into the socket is lost.
    let _ = sys::write(socket, &buffer[..received]);
    received > 0
}
