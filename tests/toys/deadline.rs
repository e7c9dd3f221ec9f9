//! A server that lets a client go that has said nothing for 30 seconds.

use std::net::{TcpListener, TcpStream};
use std::os::fd::AsFd;
use std::time::{Duration, Instant};

use nix::poll::{PollFd, PollFlags, PollTimeout, poll};

const PATIENCE: Duration = Duration::from_secs(30);

fn main() {
    let address = std::env::args().nth(1).expect("an address");
    let listener = TcpListener::bind(address).expect("the address is free");
    let mut clients: Vec<(TcpStream, Instant)> = Vec::new();
    loop {
        let left = clients.iter().map(|(_, since)| PATIENCE - since.elapsed()).min();
        let left = left.map(|left| left.as_nanos().div_ceil(1_000_000) as u32);
        let timeout = left.map_or(PollTimeout::NONE, |it| {
            PollTimeout::try_from(it).unwrap_or(PollTimeout::MAX)
        });
        let mut entries = [PollFd::new(listener.as_fd(), PollFlags::POLLIN)];
        if poll(&mut entries, timeout) == Ok(1) {
            let (client, _) = listener.accept().expect("a client");
            clients.push((client, Instant::now()));
        }
        clients.retain(|(_, since)| since.elapsed() < PATIENCE);
    }
}
