//! Waiting until one of many sockets is ready: two system calls for it, each in a file of its own.

mod epoll;
mod poll;
#[cfg(test)]
mod tests;

use std::io;
use std::os::fd::OwnedFd;
use std::time::Duration;

use clap::ValueEnum;

use epoll::Epoll;
use poll::Poll;

/// Watches sockets, and waits until some of them are ready.
///
/// Readiness is told for as long as it lasts ("level-triggered", epoll(7)): what isn't dealt with after
/// one wait is told by the next. Errors and hang-ups are told whatever the interest is.
pub trait Poller: Send {
    /// Watches one more socket, of which each wait tells by this token. Fails where the kernel has no
    /// room for it: epoll_ctl(2).
    fn add(
        &mut self,
        socket: &OwnedFd,
        token: Token,
        interest: Interest,
    ) -> io::Result<()>;

    /// Says what a socket that is watched is waited for from now on. Where that is what it was, no system
    /// call is made. The token is the one that the socket has.
    fn set(
        &mut self,
        socket: &OwnedFd,
        token: Token,
        interest: Interest,
    ) -> io::Result<()>;

    /// Watches a socket no longer, which must be closed right after this, or has been waited for
    /// nothing.
    fn remove(&mut self, socket: &OwnedFd);

    /// Waits until at least one socket is ready, or until `limit`, rounded up to milliseconds, is over,
    /// and appends the tokens of all that are ready. Without a limit it waits for ever.
    ///
    /// The errors are those of poll(2) and epoll_wait(2). `Interrupted` says that a signal came.
    fn wait(&mut self, limit: Option<Duration>, ready: &mut Vec<Token>)
    -> io::Result<()>;
}

/// The system calls there are for it.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum Kind {
    /// poll(2), on every Unix; each wait looks at every connection
    Poll,
    /// epoll(7), on Linux alone; connections that say nothing cost nothing
    Epoll,
}

impl Kind {
    /// How many bytes a socket that is watched takes, with the poller that takes most.
    pub const SIZE: usize =
        if Poll::SIZE > Epoll::SIZE { Poll::SIZE } else { Epoll::SIZE };

    /// A poller that watches nothing yet. The errors are those of epoll_create1(2).
    pub fn open(self) -> io::Result<Box<dyn Poller>> {
        match self {
            Kind::Poll => Ok(Box::new(Poll::default())),
            Kind::Epoll => Ok(Box::new(Epoll::open()?)),
        }
    }
}

/// What a socket is waited for. Errors and hang-ups are told whatever it is.
#[derive(Clone, Copy, PartialEq)]
pub enum Interest {
    /// Until there is something to read, or a client to accept.
    Read,
    /// Until something can be written.
    Write,
    /// For errors and hang-ups only.
    Nothing,
}

/// What a wait says in place of a socket: the key of its client, and a generation, which tells the
/// client from all others that had this key before. 64 bits are what epoll(7) keeps for us.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Token(u64);

impl Token {
    /// The listener's. No client has so large a key.
    pub const LISTENER: Token = Token(u64::MAX);
    /// Of what other threads wake us by. No client has so large a key either.
    pub const WAKER: Token = Token(u64::MAX - 1);

    /// The token of the client with this key, of which there are fewer than 2³² at a time.
    pub fn new(key: usize, generation: u32) -> Token {
        Token(u64::from(generation) << 32 | key as u64)
    }

    /// The key of the client.
    pub fn key(self) -> usize {
        self.0 as u32 as usize
    }
}
