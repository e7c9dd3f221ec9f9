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
pub struct Token(u64);

impl Token {
    pub const LISTENER: Token = Token(u64::MAX);

    pub fn new(key: usize, generation: u32) -> Token {
        Token(u64::from(generation) << 32 | key as u64)
    }

    pub fn key(self) -> usize {
        self.0 as u32 as usize
    }
}
