//! A client that does one thing at a time and counts its bytes.

use std::io::{ErrorKind, Read, Write};
use std::net::{Shutdown, SocketAddr, TcpStream};
use std::time::{Duration, Instant};

use anyhow::{Result, ensure};
use recording::Got;
use socket2::{Domain, SockRef, Socket, Type};

pub struct Client {
    pub name: String,
    pub port: u16,
    socket: Option<TcpStream>,
    pub sent: usize,
    pub read: usize,
    /// It will send no more.
    pub finished: bool,
    /// The last that it was told, with its quotes.
    pub etag: String,
}

/// What a read gave.
#[derive(Default)]
pub struct Received {
    pub bytes: Vec<u8>,
    pub end: Option<&'static str>,
}

impl Received {
    /// As far as it is kept.
    pub fn got(self) -> Got {
        const SHOWN: usize = 4096;
        let shown = &self.bytes[..self.bytes.len().min(SHOWN)];
        Got {
            bytes: self.bytes.len(),
            text: String::from_utf8_lossy(shown).into_owned(),
            end: self.end.map(str::to_string),
        }
    }
}

const PATIENCE: Duration = Duration::from_secs(20);
/// A server that takes nothing for this long has stopped reading.
const REFUSAL: Duration = Duration::from_millis(500);

impl Client {
    pub fn connect(
        name: &str,
        address: SocketAddr,
        small_buffers: bool,
    ) -> Result<Client> {
        let socket = Socket::new(Domain::IPV4, Type::STREAM, None)?;
        if small_buffers {
            // Small segments make the server's own buffer small, too.
            socket.set_tcp_mss(536)?;
            socket.set_recv_buffer_size(4096)?;
        }
        socket.set_tcp_nodelay(true)?;
        socket.connect_timeout(&address.into(), PATIENCE)?;
        let socket = TcpStream::from(socket);
        socket.set_nonblocking(true)?;
        let port = socket.local_addr()?.port();
        Ok(Client {
            name: name.into(),
            port,
            socket: Some(socket),
            sent: 0,
            read: 0,
            finished: false,
            etag: String::new(),
        })
    }

    /// Sends until all is sent, or nothing was taken for a while.
    pub fn send(&mut self, bytes: &[u8], all: bool) -> Result<()> {
        let Some(socket) = &mut self.socket else { return Ok(()) };
        let (mut taken, mut last) = (0, Instant::now());
        let patience = if all { PATIENCE } else { REFUSAL };
        while taken < bytes.len() {
            match socket.write(&bytes[taken..]) {
                Ok(written) => (taken, last) = (taken + written, Instant::now()),
                Err(error) if error.kind() != ErrorKind::WouldBlock => break,
                Err(_) if last.elapsed() > patience => break,
                Err(_) => std::thread::sleep(Duration::from_millis(2)),
            }
        }
        self.sent += taken;
        ensure!(!all || taken == bytes.len(), "only {taken} bytes are taken");
        Ok(())
    }

    pub fn receive(&mut self) -> Received {
        let mut received = Received::default();
        let Some(socket) = &mut self.socket else { return received };
        let mut buffer = [0; 16 * 1024];
        loop {
            match socket.read(&mut buffer) {
                Ok(0) => received.end = Some("the end"),
                Ok(read) => {
                    received.bytes.extend(&buffer[..read]);
                    continue;
                }
                Err(error) if error.kind() == ErrorKind::WouldBlock => {}
                Err(_) => received.end = Some("a reset"),
            }
            self.read += received.bytes.len();
            if let Some(etag) = etag(&received.bytes) {
                self.etag = etag;
            }
            return received;
        }
    }

    pub fn half_close(&mut self) {
        if let Some(socket) = &self.socket {
            let _ = socket.shutdown(Shutdown::Write);
        }
        self.finished = true;
    }

    pub fn close(&mut self, reset: bool) {
        if let Some(socket) = self.socket.take()
            && reset
        {
            let _ = SockRef::from(&socket).set_linger(Some(Duration::ZERO));
        }
        self.finished = true;
    }

    pub fn is_open(&self) -> bool {
        self.socket.is_some()
    }
}

/// The last that is told in these bytes.
fn etag(bytes: &[u8]) -> Option<String> {
    let text = String::from_utf8_lossy(bytes);
    let (_, rest) = text.rsplit_once("\r\nETag: ")?;
    rest.split_once("\r\n").map(|(etag, _)| etag.to_string())
}
