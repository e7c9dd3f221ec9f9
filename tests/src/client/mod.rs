//! A client of the server under test: how it connects, what it is told apart by, and how it
//! leaves. What it sends, receives and expects in between is in a file each.

mod asking;
pub mod dialect;
mod exchanging;
mod expecting;
pub mod flood;
pub mod guess;
pub mod http;
mod inbox;
mod receiving;
mod sending;
mod writing;

use std::io::{self, ErrorKind};
use std::net::{Ipv4Addr, Shutdown, SocketAddr, TcpStream};
use std::time::Duration;

use socket2::{Domain, SockRef, Socket, Type};

use self::dialect::Dialect;
pub use self::inbox::Heard;
use self::inbox::Inbox;
use crate::evidence::failure::{Attempt, Failure, Kind};
use crate::evidence::script::{Left, Said};
use crate::evidence::transcript::Transcript;
use crate::system::patience::Wait;
use crate::system::process::ProcessTree;

pub struct Client {
    pub name: String,
    socket: TcpStream,
    inbox: Inbox,
    peer: Peer,
    /// How many questions it asked, see [`dialect`].
    asked: u64,
    transcript: Transcript,
    /// Its number in the script.
    number: usize,
    quiet: bool,
}

/// The server, as all of its clients see it.
#[derive(Clone, Copy)]
pub struct Peer {
    pub address: SocketAddr,
    pub process: ProcessTree,
    pub dialect: Dialect,
    /// How long it may take for the next byte.
    pub patience: Duration,
}

/// How a client connects. One with none of these is an ordinary one.
#[derive(Clone, Copy, Default)]
pub struct Options {
    /// Says nothing in the transcript.
    pub quiet: bool,
    /// Receives through the smallest buffer the kernel allows, and sends through a small one.
    /// Its segments are short, as to a network card: the loopback's, of 64 KiB, would let the
    /// server's own buffer grow to megabytes.
    pub small_buffers: bool,
    /// Its own address, if it isn't the usual one. All of 127.0.0.0/8 are this machine's.
    pub own: Option<Ipv4Addr>,
}

impl Options {
    pub const QUIET: Options = Options { quiet: true, small_buffers: false, own: None };
    pub const SMALL_BUFFERS: Options =
        Options { quiet: false, small_buffers: true, own: None };
}

/// A connection for which the server's queue had no room is tried again after one second, and
/// then after three.
const CONNECTED: Duration = Duration::from_secs(5);
/// So often a server that doesn't sleep is waited for.
const WAKEFUL: usize = 15;

impl Client {
    /// The one way to connect.
    pub fn connect(
        peer: Peer,
        name: String,
        options: Options,
        transcript: &Transcript,
    ) -> Attempt<Client> {
        let number = transcript.joins(&name, options.quiet);
        let refused = |error: io::Error| match error.kind() {
            ErrorKind::ConnectionRefused
            | ErrorKind::ConnectionReset
            | ErrorKind::TimedOut => {
                let error = error.to_string();
                Failure::new(Kind::Refused { error }).of(&name)
            }
            _ => Failure::own("open one more connection", error),
        };
        let socket = peer.connected(options).map_err(refused)?;
        let client = Client {
            name,
            socket,
            inbox: Inbox::default(),
            peer,
            asked: 0,
            transcript: transcript.clone(),
            number,
            quiet: options.quiet,
        };
        client.says(|said| said.reads_late = options.small_buffers);
        match (options.small_buffers, options.own) {
            (true, _) => client.note("connects, with small buffers"),
            (false, None) => client.note("connects"),
            (false, Some(own)) => client.note(format!("connects from {own}")),
        }
        Ok(client)
    }

    /// Its own end.
    pub fn address(&self) -> io::Result<SocketAddr> {
        self.socket.local_addr()
    }

    /// Says that no more will come, and still reads.
    pub fn half_close(&mut self) -> Attempt {
        self.notes_half_close();
        let _ = self.socket.shutdown(Shutdown::Write);
        Ok(())
    }

    fn notes_half_close(&self) {
        self.note("closes its sending half");
        self.says(|said| said.half_closed = true);
    }

    pub fn close(self) {
        self.note("closes");
        self.says(|said| said.left = Some(Left::Closed));
    }

    /// Leaves without a goodbye: the server gets a reset.
    pub fn reset(self) {
        self.note("resets the connection");
        self.says(|said| said.left = Some(Left::Reset));
        let _ = SockRef::from(&self.socket).set_linger(Some(Duration::ZERO));
    }

    /// A line of the transcript that begins with the client's name.
    pub fn note(&self, text: impl AsRef<str>) {
        if !self.quiet {
            let line = format!("{} {}", self.name, text.as_ref());
            self.transcript.note(line.trim_end());
        }
    }

    fn says(&self, change: impl FnOnce(&mut Said)) {
        self.transcript.says(self.number, change);
    }

    fn failure(&self, kind: Kind) -> Box<Failure> {
        Failure::new(kind).of(&self.name)
    }

    /// A wait for the server.
    pub(crate) fn wait(&self) -> Wait {
        Wait::new(self.peer.process, self.peer.patience)
    }
}

impl Peer {
    fn connected(&self, options: Options) -> io::Result<TcpStream> {
        let socket = Socket::new(Domain::for_address(self.address), Type::STREAM, None)?;
        if options.small_buffers {
            socket.set_recv_buffer_size(1)?;
            socket.set_send_buffer_size(64 * 1024)?;
            socket.set_tcp_mss(1000)?;
        }
        if let Some(own) = options.own {
            socket.bind(&SocketAddr::from((own, 0)).into())?;
        }
        socket.set_tcp_nodelay(true)?;
        socket.connect_timeout(&self.address.into(), self.patience.max(CONNECTED))?;
        Ok(socket.into())
    }
}
