use std::io;
use std::os::fd::{AsRawFd, OwnedFd};
use std::time::Duration;

use libc::{c_short, pollfd};

use super::{Interest, Poller, Token};
use crate::sys;

#[derive(Default)]
pub struct Poll {
    entries: Vec<pollfd>,
    tokens: Vec<Token>,
    places: Vec<u32>,
}

impl Poller for Poll {
    fn add(
        &mut self,
        socket: &OwnedFd,
        token: Token,
        interest: Interest,
    ) -> io::Result<()> {
        let fd = socket.as_raw_fd();
        if self.places.len() <= fd as usize {
            self.places.resize(fd as usize + 1, 0);
        }
        self.places[fd as usize] = self.entries.len() as u32;
        self.entries.push(pollfd { fd, events: events(interest), revents: 0 });
        self.tokens.push(token);
        Ok(())
    }

    fn set(&mut self, socket: &OwnedFd, _: Token, interest: Interest) -> io::Result<()> {
        let place = self.place(socket);
        self.entries[place].events = events(interest);
        Ok(())
    }

    fn remove(&mut self, socket: &OwnedFd) {
        let place = self.place(socket);
        self.entries.swap_remove(place);
        self.tokens.swap_remove(place);
        if let Some(moved) = self.entries.get(place) {
            self.places[moved.fd as usize] = place as u32;
        }
    }

    fn wait(
        &mut self,
        limit: Option<Duration>,
        ready: &mut Vec<Token>,
    ) -> io::Result<()> {
        sys::poll(&mut self.entries, limit)?;
        let entries = self.entries.iter().zip(&self.tokens);
        let entries = entries.filter(|(entry, _)| entry.revents != 0);
        ready.extend(entries.map(|(_, token)| *token));
        Ok(())
    }
}

impl Poll {
    fn place(&self, socket: &OwnedFd) -> usize {
        self.places[socket.as_raw_fd() as usize] as usize
    }
}

fn events(interest: Interest) -> c_short {
    match interest {
        Interest::Read => libc::POLLIN,
        Interest::Write => libc::POLLOUT,
        Interest::Nothing => 0,
    }
}
