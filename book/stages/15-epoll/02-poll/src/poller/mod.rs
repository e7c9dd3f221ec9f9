mod poll;

use std::io;
use std::os::fd::OwnedFd;
use std::time::Duration;

pub use poll::Poll;

pub trait Poller {
    fn add(
        &mut self,
        socket: &OwnedFd,
        token: Token,
        interest: Interest,
    ) -> io::Result<()>;

    fn set(
        &mut self,
        socket: &OwnedFd,
        token: Token,
        interest: Interest,
    ) -> io::Result<()>;

    fn remove(&mut self, socket: &OwnedFd);

    fn wait(&mut self, limit: Option<Duration>, ready: &mut Vec<Token>)
    -> io::Result<()>;
}

pub enum Interest {
    Read,
    Write,
    Nothing,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Token(usize);

impl Token {
    pub const LISTENER: Token = Token(usize::MAX);

    pub fn new(key: usize) -> Token {
        Token(key)
    }

    pub fn key(self) -> usize {
        self.0
    }
}
