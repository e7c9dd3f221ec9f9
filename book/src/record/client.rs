//! A client that does one thing at a time and counts its bytes.

use std::net::SocketAddr;

use anyhow::{Result, anyhow};
use checks::client::{self, Heard, Options, Peer};
use checks::evidence::failure::Attempt;
use checks::evidence::transcript::Transcript;
use checks::system::sockets::End;
use recording::Got;

pub struct Client {
    pub name: String,
    /// Its own address and the server's.
    addresses: [SocketAddr; 2],
    socket: Option<client::Client>,
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
    pub end: Option<Heard>,
}

impl Received {
    /// As far as it is kept.
    pub fn got(self) -> Got {
        const SHOWN: usize = 4096;
        let shown = &self.bytes[..self.bytes.len().min(SHOWN)];
        Got {
            bytes: self.bytes.len(),
            text: String::from_utf8_lossy(shown).into_owned(),
            end: self.end.map(|end| end.to_string()),
        }
    }
}

impl Client {
    pub fn connect(name: &str, peer: Peer, small_buffers: bool) -> Result<Client> {
        let options = Options { quiet: true, small_buffers, ..Options::default() };
        let (name, said) = (name.to_string(), Transcript::default());
        let socket = client::Client::connect(peer, name.clone(), options, &said);
        let socket = done(socket)?;
        Ok(Client {
            name,
            addresses: [socket.address()?, peer.address],
            socket: Some(socket),
            sent: 0,
            read: 0,
            finished: false,
            etag: String::new(),
        })
    }

    pub fn send(&mut self, bytes: &[u8]) -> Result<()> {
        let Some(socket) = &mut self.socket else { return Ok(()) };
        done(socket.send(bytes))?;
        self.sent += bytes.len();
        Ok(())
    }

    pub fn send_until_refused(&mut self, bytes: &[u8]) {
        if let Some(socket) = &mut self.socket {
            self.sent += socket.send_until_refused(bytes);
        }
    }

    pub fn receive(&mut self) -> Received {
        let Some(socket) = &mut self.socket else { return Received::default() };
        let (bytes, heard) = socket.take_what_came();
        self.read += bytes.len();
        if let Some(etag) = etag(&bytes) {
            self.etag = etag;
        }
        Received { bytes, end: Some(heard).filter(|it| *it != Heard::Silence) }
    }

    pub fn has_heard(&self) -> bool {
        self.socket.as_ref().is_none_or(|socket| socket.has_heard())
    }

    pub fn half_close(&mut self) -> Result<()> {
        self.finished = true;
        self.socket.as_mut().map_or(Ok(()), |socket| done(socket.half_close()))
    }

    pub fn close(&mut self, reset: bool) {
        self.finished = true;
        match self.socket.take() {
            Some(socket) if reset => socket.reset(),
            socket => drop(socket),
        }
    }

    pub fn is_open(&self) -> bool {
        self.socket.is_some()
    }

    /// The server's end of the connection and its own, as the kernel has them.
    pub fn ends(&self) -> [Option<End>; 2] {
        let [own, server] = self.addresses;
        [End::of(server, own), End::of(own, server)]
    }
}

fn done<T>(attempt: Attempt<T>) -> Result<T> {
    attempt.map_err(|failure| anyhow!("{:?}", failure.kind))
}

/// The last that is told in these bytes.
fn etag(bytes: &[u8]) -> Option<String> {
    let text = String::from_utf8_lossy(bytes);
    let (_, rest) = text.rsplit_once("\r\nETag: ")?;
    rest.split_once("\r\n").map(|(etag, _)| etag.to_string())
}
