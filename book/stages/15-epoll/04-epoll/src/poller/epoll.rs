use std::io;
use std::os::fd::OwnedFd;
use std::time::Duration;

use libc::{c_int, epoll_event};

use super::{Interest, Poller, Token};
use crate::sys;

pub struct Epoll {
    epoll: OwnedFd,
    events: Vec<epoll_event>,
}

impl Epoll {
    pub fn open() -> io::Result<Epoll> {
        Ok(Epoll { epoll: sys::epoll_create()?, events: Vec::new() })
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
        Ok(())
    }

    fn set(
        &mut self,
        socket: &OwnedFd,
        token: Token,
        interest: Interest,
    ) -> io::Result<()> {
        let event = event(token, interest);
        sys::epoll_control(&self.epoll, libc::EPOLL_CTL_MOD, socket, event)
    }

    // close(2) takes the socket out.
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
