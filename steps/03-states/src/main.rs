#![deny(unsafe_code)]

mod connection;
mod sys;

use std::io::{self, ErrorKind};
use std::net::SocketAddrV4;
use std::os::fd::OwnedFd;
use std::process::ExitCode;

use connection::{Connection, Wants};
use sys::Interest;

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

    let mut buffer = [0; 16 * 1024];
    let mut clients: Vec<Client> = Vec::new();
    let mut entries = Vec::new();
    loop {
        entries.clear();
        entries.push(sys::poll_entry(&listener, Interest::Read));
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
            _ => client.ready(&mut buffer),
        });
        if entries[0].revents != 0 {
            accept(&listener, &mut clients);
        }
    }
}

fn accept(listener: &OwnedFd, clients: &mut Vec<Client>) {
    loop {
        match sys::accept(listener) {
            Ok(socket) => clients.push(Client { socket, connection: Connection::new() }),
            Err(error) if sys::concerns_one_client(&error) => {}
            Err(_) => return,
        }
    }
}

struct Client {
    socket: OwnedFd,
    connection: Connection,
}

impl Client {
    fn interest(&self) -> Interest {
        match self.connection.wants() {
            Wants::Receive => Interest::Read,
            Wants::Send(_) => Interest::Write,
            Wants::End => Interest::Nothing,
        }
    }

    fn ready(&mut self, buffer: &mut [u8]) -> bool {
        match self.turn(buffer) {
            Err(error) if !sys::try_again(&error) => false,
            _ => !matches!(self.connection.wants(), Wants::End),
        }
    }

    fn turn(&mut self, buffer: &mut [u8]) -> io::Result<()> {
        if let Wants::Receive = self.connection.wants() {
            let count = sys::read(&self.socket, buffer)?;
            self.connection.received(&buffer[..count]);
        }
        if let Wants::Send(bytes) = self.connection.wants() {
            let count = sys::write(&self.socket, bytes)?;
            self.connection.sent(count);
        }
        Ok(())
    }
}
