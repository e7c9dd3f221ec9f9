//! Sockets watched by epoll(7).

use std::io;
use std::os::fd::{AsRawFd, OwnedFd};
use std::time::Duration;

use libc::{c_int, epoll_event};

use super::{Interest, Poller, Token};
use crate::sys;

/// The kernel remembers what to wait for, and each wait gives what is ready alone.
pub struct Epoll {
    epoll: OwnedFd,
    /// Room for an event of each socket: one wait tells all there is, as poll(2) does.
    events: Vec<epoll_event>,
    /// The interest of each descriptor, as the kernel was told last.
    interests: Vec<Interest>,
}

impl Epoll {
    /// How many bytes a socket takes, without the kernel's.
    pub const SIZE: usize = size_of::<epoll_event>() + size_of::<Interest>();

    pub fn open() -> io::Result<Epoll> {
        let (events, interests) = (Vec::new(), Vec::new());
        Ok(Epoll { epoll: sys::epoll_create()?, events, interests })
    }
}

impl Poller for Epoll {
    fn add(
        &mut self,
        socket: &OwnedFd,
        token: Token,
        interest: Interest,
    ) -> io::Result<()> {
        let event = event(token, interest);
        sys::epoll_control(&self.epoll, libc::EPOLL_CTL_ADD, socket, event)?;
        self.events.push(event);
        let fd = socket.as_raw_fd() as usize;
        if self.interests.len() <= fd {
            self.interests.resize(fd + 1, Interest::Nothing);
        }
        self.interests[fd] = interest;
        Ok(())
    }

    fn set(
        &mut self,
        socket: &OwnedFd,
        token: Token,
        interest: Interest,
    ) -> io::Result<()> {
        let known = &mut self.interests[socket.as_raw_fd() as usize];
        if *known == interest {
            return Ok(());
        }
        let event = event(token, interest);
        sys::epoll_control(&self.epoll, libc::EPOLL_CTL_MOD, socket, event)?;
        *known = interest;
        Ok(())
    }

    /// close(2) takes the socket out: nobody else has a copy of its descriptor.
    fn remove(&mut self, _: &OwnedFd) {
        self.events.pop();
    }

    fn wait(
        &mut self,
        limit: Option<Duration>,
        ready: &mut Vec<Token>,
    ) -> io::Result<()> {
        let count = sys::epoll_wait(&self.epoll, &mut self.events, limit)?;
        ready.extend(self.events[..count].iter().map(|event| Token(event.u64)));
        Ok(())
    }
}

fn event(Token(token): Token, interest: Interest) -> epoll_event {
    let events: c_int = match interest {
        Interest::Read => libc::EPOLLIN,
        Interest::Write => libc::EPOLLOUT,
        Interest::Nothing => 0,
    };
    epoll_event { events: events as u32, u64: token }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn room_is_for_those_that_are_watched() {
        let mut epoll = Epoll::open().unwrap();
        for _ in 0..3 {
            // An epoll instance can be watched, too, and is easily made.
            let socket = sys::epoll_create().unwrap();
            epoll.add(&socket, Token::new(0, 0), Interest::Read).unwrap();
            assert_eq!(epoll.events.len(), 1);
            epoll.remove(&socket);
            assert_eq!(epoll.events.len(), 0);
        }
    }
}
