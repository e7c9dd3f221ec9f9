//! Connections that have been answered once and then say nothing, and stay.

use std::io::{self, ErrorKind, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpStream};
use std::time::Duration;

use socket2::{Domain, SockRef, Socket, Type};

use super::response::Response;

pub struct Idle {
    streams: Vec<TcpStream>,
}

impl Idle {
    /// Many at a time: a server on poll(2) looks at all of them for each turn.
    pub fn open(
        server: SocketAddr,
        request: &[u8],
        count: usize,
        patience: Duration,
    ) -> io::Result<Idle> {
        const AT_ONCE: usize = 64;
        Idle::in_groups(server, request, count, AT_ONCE, patience)
    }

    /// One after the other, so that the server does the same things in the same order each time.
    pub fn one_by_one(
        server: SocketAddr,
        request: &[u8],
        count: usize,
        patience: Duration,
    ) -> io::Result<Idle> {
        Idle::in_groups(server, request, count, 1, patience)
    }

    fn in_groups(
        server: SocketAddr,
        request: &[u8],
        count: usize,
        at_once: usize,
        patience: Duration,
    ) -> io::Result<Idle> {
        let mut streams: Vec<TcpStream> = Vec::with_capacity(count);
        while streams.len() < count {
            let first = streams.len();
            for number in first..count.min(first + at_once) {
                let mut stream = connect(server, number)?;
                stream.set_read_timeout(Some(patience))?;
                // Or its port would be taken for a minute.
                SockRef::from(&stream).set_linger(Some(Duration::ZERO))?;
                stream.write_all(request)?;
                streams.push(stream);
            }
            for stream in &streams[first..] {
                Response::receive(stream)?;
            }
        }
        Ok(Idle { streams })
    }

    /// An error if the server has closed some of them.
    pub fn still_open(&self) -> io::Result<()> {
        let mut closed = 0;
        for stream in &self.streams {
            stream.set_nonblocking(true)?;
            let waits = stream.peek(&mut [0]);
            closed += usize::from(
                !waits.is_err_and(|error| error.kind() == ErrorKind::WouldBlock),
            );
        }
        let count = self.streams.len();
        match closed {
            0 => Ok(()),
            _ => Err(io::Error::other(format!(
                "the server closed {closed} of {count} idle connections"
            ))),
        }
    }
}

/// They have two addresses in turn: a server may have no more than a share of its places for one.
fn connect(server: SocketAddr, number: usize) -> io::Result<TcpStream> {
    let SocketAddr::V4(_) = server else { return TcpStream::connect(server) };
    let socket = Socket::new(Domain::IPV4, Type::STREAM, None)?;
    let address = Ipv4Addr::new(127, 0, 0, 1 + (number % 2) as u8);
    socket.bind(&SocketAddr::from((address, 0)).into())?;
    socket.connect(&server.into())?;
    Ok(socket.into())
}
