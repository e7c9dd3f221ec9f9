//! Sockets: made, named, listening, accepted, shut down, closed.

use std::collections::VecDeque;

use recording::Payload;
use recording::hostile::Fault;

use super::pending::{Pending, Turn};
use super::time::Event;
use super::world::{Thing, What, World};
use crate::descriptors;

const NONBLOCK: i64 = libc::SOCK_NONBLOCK as i64;
const CLOEXEC: i64 = libc::SOCK_CLOEXEC as i64;
/// The first port that is given to those who take any.
const FREE_PORT: u16 = 40_000;
const ABORTED: [i32; 2] = [libc::ECONNABORTED, libc::EPROTO];
const EXHAUSTED: [i32; 4] = [libc::EMFILE, libc::ENFILE, libc::ENOMEM, libc::ENOBUFS];

impl World {
    /// TCP is this kernel's; other sockets are the real one's.
    pub fn socket(&mut self, family: i64, kind: i64) -> Turn {
        let is_tcp = [libc::AF_INET, libc::AF_INET6].contains(&(family as i32))
            && kind & !(NONBLOCK | CLOEXEC) == i64::from(libc::SOCK_STREAM);
        if !is_tcp {
            return Turn::Real;
        }
        let what = What::Socket { family, address: None, shares: false };
        self.add(what, kind & NONBLOCK != 0)
    }

    /// A new descriptor, the lowest that is free.
    pub fn add(&mut self, what: What, nonblocking: bool) -> Turn {
        match self.add_thing(what, nonblocking) {
            Some(fd) => Turn::result(fd),
            None => Turn::error(libc::EMFILE),
        }
    }

    pub fn add_thing(&mut self, what: What, nonblocking: bool) -> Option<i64> {
        let fd = descriptors::open_lowest()?;
        self.made += 1;
        self.things.insert(self.made, Thing::new(what, nonblocking));
        self.descriptors.insert(fd, self.made);
        self.moved();
        Some(fd)
    }

    pub fn bind(&mut self, fd: i64, wanted: &str) -> Turn {
        let Some((host, port)) = wanted.rsplit_once(':') else {
            return Turn::error(libc::EINVAL);
        };
        let port = match port {
            "0" => FREE_PORT + self.made as u16,
            port => port.parse().unwrap_or(FREE_PORT),
        };
        let wanted = format!("{host}:{port}");
        let taken = self.things.values().any(|thing| match &thing.what {
            What::Listener { address, shares, .. } => *address == wanted && !shares,
            _ => false,
        });
        let Some(What::Socket { address, .. }) =
            self.thing_mut(fd).map(|thing| &mut thing.what)
        else {
            return Turn::error(libc::EINVAL);
        };
        if taken {
            return Turn::error(libc::EADDRINUSE);
        }
        *address = Some(wanted);
        Turn::result(0)
    }

    /// With the first listener the clients begin.
    pub fn listen(&mut self, fd: i64) -> Turn {
        let Some(thing) = self.thing_mut(fd) else { return Turn::error(libc::EBADF) };
        match &thing.what {
            What::Listener { .. } => return Turn::result(0),
            What::Socket { address: Some(address), shares, .. } => {
                let (address, shares, queue) =
                    (address.clone(), *shares, VecDeque::new());
                thing.what = What::Listener { address, queue, shares };
            }
            _ => return Turn::error(libc::EINVAL),
        }
        if !self.listening {
            self.listening = true;
            self.began = self.now;
            for client in 0..self.clients.len() {
                self.plan(0, Event::Act(client));
            }
        }
        self.moved();
        Turn::result(0)
    }

    pub fn own_name(&self, fd: i64) -> Turn {
        let name = self.thing(fd).and_then(|thing| match &thing.what {
            What::Socket { address, .. } => address.clone(),
            What::Listener { address, .. } => Some(address.clone()),
            What::Stream { address, .. } => Some(address.clone()),
            _ => None,
        });
        match name {
            None => named("0.0.0.0:0".to_string()),
            Some(name) => named(name),
        }
    }

    pub fn peer_name(&self, fd: i64) -> Turn {
        match self.connection_of(fd) {
            Some(it) if self.connections[it].reset => Turn::error(libc::ENOTCONN),
            Some(it) => named(client_address(it)),
            None => Turn::error(libc::ENOTCONN),
        }
    }

    pub fn accept(&mut self, call: &Pending, flags: i64) -> Turn {
        let fd = call.asked.descriptor().unwrap_or(-1);
        let Some(thing) = self.thing(fd) else { return Turn::error(libc::EBADF) };
        let What::Listener { queue, address, .. } = &thing.what else {
            return Turn::error(libc::EINVAL);
        };
        let (nonblocking, address) = (thing.nonblocking, address.clone());
        if queue.is_empty() {
            return match nonblocking {
                true => Turn::error(libc::EAGAIN),
                false => self.sleep_interruptibly(call, fd, Fault::InterruptedAccept),
            };
        }
        let mut faults = vec![
            Fault::AbortedAccept,
            Fault::ExhaustedAccept,
            Fault::InterruptedAccept,
            Fault::UnreadyAccept,
        ];
        faults.truncate(if nonblocking { 4 } else { 3 });
        if let Some(fault) = self.struck(call, fd, &faults) {
            let error = match fault {
                Fault::AbortedAccept => self.chance.one_of(&ABORTED),
                Fault::ExhaustedAccept => self.chance.one_of(&EXHAUSTED),
                Fault::InterruptedAccept => libc::EINTR,
                _ => libc::EAGAIN,
            };
            return self.fail(fault, call, fd, error);
        }
        let Some(What::Listener { queue, .. }) =
            self.thing_mut(fd).map(|thing| &mut thing.what)
        else {
            return Turn::error(libc::EBADF);
        };
        let Some(connection) = queue.pop_front() else {
            return Turn::error(libc::EAGAIN);
        };
        let what = What::Stream { connection, address };
        match self.add_thing(what, flags & NONBLOCK != 0) {
            None => Turn::error(libc::EMFILE),
            Some(new) => {
                let address = Some(client_address(connection));
                Turn::given(new, Payload { address, ..Payload::default() })
            }
        }
    }

    pub fn shutdown(&mut self, fd: i64, how: i64) -> Turn {
        let Some(connection) = self.connection_of(fd) else {
            return Turn::error(libc::ENOTCONN);
        };
        let it = &mut self.connections[connection];
        if it.reset {
            return Turn::error(libc::ENOTCONN);
        }
        it.up.shut |= how != i64::from(libc::SHUT_WR);
        it.down.end_follows |= how != i64::from(libc::SHUT_RD);
        self.moved();
        self.plan_down(Some(connection));
        Turn::result(0)
    }

    /// The real descriptor is closed as well: what stands there is a placeholder.
    pub fn close(&mut self, call: &mut Pending) -> Turn {
        let fd = call.asked.descriptor().unwrap_or(-1);
        self.files.remove(&fd);
        if !self.is_ours(fd) {
            return Turn::Real;
        }
        let struck = self.struck(call, fd, &[Fault::InterruptedClose]);
        let turn = match struck {
            Some(fault) => self.fail(fault, call, fd, libc::EINTR),
            None => Turn::result(0),
        };
        self.forget(fd);
        call.request.make();
        turn
    }

    /// A descriptor is no more, and what it stood for if it was the last.
    pub fn forget(&mut self, fd: i64) {
        self.leave_late_events(fd);
        let Some(id) = self.descriptors.remove(&fd) else { return };
        self.moved();
        let Some(thing) = self.things.get_mut(&id) else { return };
        thing.descriptors -= 1;
        if thing.descriptors > 0 {
            return;
        }
        let Some(thing) = self.things.remove(&id) else { return };
        match thing.what {
            What::Stream { connection, .. } => {
                self.connections[connection].closed = Some(self.now);
                self.hang_up(connection, thing.abrupt);
            }
            What::Listener { queue, .. } => {
                for connection in queue {
                    self.answer_with_reset(connection);
                }
            }
            What::Pair { other: Some(other), .. } => {
                if let Some(What::Pair { other, .. }) =
                    self.things.get_mut(&other).map(|thing| &mut thing.what)
                {
                    *other = None;
                }
            }
            _ => {}
        }
        for thing in self.things.values_mut() {
            if let What::Epoll { entries, .. } = &mut thing.what {
                entries.retain(|entry| entry.thing != id);
            }
        }
    }

    /// The end follows what is sent; bytes that nobody read make it a reset.
    fn hang_up(&mut self, connection: usize, abrupt: bool) {
        let it = &mut self.connections[connection];
        if it.reset {
            return;
        }
        if abrupt || !it.up.received.is_empty() {
            self.answer_with_reset(connection);
            return;
        }
        it.down.end_follows = true;
        self.plan_down(Some(connection));
    }
}

fn named(address: String) -> Turn {
    Turn::given(0, Payload { address: Some(address), ..Payload::default() })
}

/// Each client has a port of its own.
fn client_address(connection: usize) -> String {
    format!("127.0.0.1:{}", 50_000 + connection)
}
