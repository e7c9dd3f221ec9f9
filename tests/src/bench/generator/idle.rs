//! Connections that have been answered once and then say nothing, and stay.

use std::io::{self, ErrorKind};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
use socket2::SockRef;

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
        for _ in 0..count {
            let stream = TcpStream::connect(server)?;
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

/// Raises the limit of descriptors as far as it goes, for the servers too, and says whether so
/// many connections fit.
pub fn fit(connections: usize) -> io::Result<()> {
    /// What a server has open besides.
    const OTHERS: u64 = 100;
    // `final` gives all clients of one address half of its places.
    let needed = 2 * connections as u64 + OTHERS;
    let most = getrlimit(Resource::Nofile).maximum;
    let enough = most.map(|most| most.max(needed));
    // Root may have more than the limit.
    if setrlimit(Resource::Nofile, Rlimit { current: enough, maximum: enough }).is_ok() {
        return Ok(());
    }
    setrlimit(Resource::Nofile, Rlimit { current: most, maximum: most })?;
    match most {
        Some(most) if most < needed => Err(io::Error::other(format!(
            "{needed} descriptors are needed, and the limit is {most} (ulimit -Hn)"
        ))),
        _ => Ok(()),
    }
}
