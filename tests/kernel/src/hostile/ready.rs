//! Waiting for readiness: poll(2), and what it says of each descriptor.

use recording::hostile::Fault;
use recording::{Asked, Entry, Payload};
use syscalls::Sysno;

use super::chance::MILLISECOND;
use super::pending::{Pending, Turn};
use super::world::{What, World};
use crate::raw;

/// What is told whether it is asked for or not.
const ALWAYS: i16 = libc::POLLERR | libc::POLLHUP | libc::POLLNVAL;

impl World {
    pub fn poll(&mut self, call: &Pending) -> Turn {
        let Asked::Poll { entries, timeout } = &call.asked else {
            return Turn::error(libc::EINVAL);
        };
        if let Some(turn) = self.strike_wait(call) {
            return turn;
        }
        let ready = entries.iter().filter_map(|entry| {
            let events = self.events(entry.fd) & (entry.events as i16 | ALWAYS);
            let events = i64::from(events);
            (entry.fd >= 0 && events != 0).then_some(Entry { fd: entry.fd, events })
        });
        let ready: Vec<Entry> = ready.collect();
        if !ready.is_empty() {
            self.lose_time();
            let count = ready.len() as i64;
            return Turn::given(count, Payload { ready, ..Payload::default() });
        }
        self.sleep_until(call, *timeout)
    }

    /// Sleeps, or has slept for so many milliseconds.
    pub fn sleep_until(&mut self, call: &Pending, timeout: i64) -> Turn {
        if timeout < 0 {
            return Turn::Wait(None);
        }
        let until = call.since + timeout as u64 * MILLISECOND;
        if until <= self.now {
            return Turn::result(0);
        }
        Turn::Wait(Some(until))
    }

    pub fn strike_wait(&mut self, call: &Pending) -> Option<Turn> {
        let faults = match call.asked {
            // epoll_wait(2) doesn't have it.
            Asked::EpollWait { .. } => &[Fault::InterruptedWait][..],
            _ => &[Fault::InterruptedWait, Fault::ExhaustedWait][..],
        };
        let fault = self.struck(call, -1, faults)?;
        let error = match fault {
            Fault::ExhaustedWait => libc::ENOMEM,
            _ => libc::EINTR,
        };
        Some(self.fail(fault, call, -1, error))
    }

    /// The process may not run for a while before it is told.
    pub fn lose_time(&mut self) {
        if self.listening && self.over.is_none() && self.chance.strikes(Fault::LostTime) {
            let lost = self.chance.lost_time();
            self.now += lost;
            let what = format!("{} ms pass", lost / MILLISECOND);
            self.note(Fault::LostTime, -1, what);
        }
    }

    /// All events of a descriptor.
    pub fn events(&self, fd: i64) -> i16 {
        let Some(thing) = self.thing(fd) else { return real_events(fd) };
        match &thing.what {
            What::Socket { .. } => libc::POLLOUT | libc::POLLHUP,
            What::Listener { queue, .. } => match queue.is_empty() {
                true => 0,
                false => libc::POLLIN,
            },
            What::Stream { connection, .. } => self.connections[*connection].events(),
            What::Pair { inbox, other } => {
                let over = other.is_none();
                let mut events = libc::POLLOUT;
                if over || !inbox.is_empty() {
                    events |= libc::POLLIN;
                }
                if over {
                    events |= libc::POLLHUP | libc::POLLRDHUP;
                }
                events
            }
            What::EventFd { value, .. } => {
                let full = if *value < u64::MAX - 1 { libc::POLLOUT } else { 0 };
                if *value > 0 { full | libc::POLLIN } else { full }
            }
            What::Epoll { entries, late } => {
                let ready = |it: &super::world::Watched| {
                    self.events(it.fd) as u32 & (it.events | ALWAYS as u32) != 0
                };
                if entries.iter().any(ready) || !late.is_empty() {
                    libc::POLLIN
                } else {
                    0
                }
            }
        }
    }
}

/// Of a descriptor of the real kernel's, at this moment.
fn real_events(fd: i64) -> i16 {
    let mut entry = libc::pollfd { fd: fd as i32, events: i16::MAX, revents: 0 };
    let now = libc::timespec { tv_sec: 0, tv_nsec: 0 };
    let args = [(&raw mut entry).addr(), 1, (&raw const now).addr(), 0, 0, 0];
    // SAFETY: one entry, and no time.
    unsafe { raw::call(Sysno::ppoll, args) };
    entry.revents
}
