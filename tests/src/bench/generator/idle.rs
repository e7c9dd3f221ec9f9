//! Connections that have been answered once and then say nothing, and stay.

use std::io::{self, ErrorKind};
use std::net::{Ipv4Addr, SocketAddr, TcpStream};
use std::time::Duration;

use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
use socket2::{Domain, SockRef, Socket, Type};

use super::response::Response;

pub struct Idle {
    streams: Vec<TcpStream>,
}

impl Idle {
    pub fn open(
        server: SocketAddr,
        request: &[u8],
        count: usize,
        patience: Duration,
    ) -> io::Result<Idle> {
        let mut streams = Vec::with_capacity(count);
        for number in 0..count {
            let stream = connect(server, number)?;
            stream.set_read_timeout(Some(patience))?;
            Response::exchange(&stream, request)?;
            // Or its port would be taken for a minute.
            SockRef::from(&stream).set_linger(Some(Duration::ZERO))?;
            streams.push(stream);
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

/// Raises the limit of descriptors as far as it goes, for the servers too, and says whether so
/// many connections fit.
pub fn fit(asking: usize, idle: usize) -> io::Result<()> {
    /// What a server has open besides.
    const OTHERS: usize = 100;
    // All that ask have one address.
    let needed = (2 * asking + idle + OTHERS) as u64;
    let most = getrlimit(Resource::Nofile).maximum;
    setrlimit(Resource::Nofile, Rlimit { current: most, maximum: most })?;
    match most {
        Some(most) if most < needed => Err(io::Error::other(format!(
            "{needed} descriptors are needed, and the limit is {most} (ulimit -Hn)"
        ))),
        _ => Ok(()),
    }
}
