//! epoll(7), eventfd(2) and socketpair(2).

use std::collections::VecDeque;

use recording::hostile::Fault;
use recording::{Asked, Payload, Woken};

use super::pending::{Pending, Turn};
use super::streams::bytes_of;
use super::world::{Watched, What, World};

const ALWAYS: u32 = (libc::EPOLLERR | libc::EPOLLHUP) as u32;
const ONCE: u32 = libc::EPOLLONESHOT as u32;
const EDGES: u32 = libc::EPOLLET as u32;

impl World {
    pub fn epoll_create(&mut self) -> Turn {
        self.add(What::Epoll { entries: Vec::new(), late: Vec::new() }, false)
    }

    pub fn epoll_control(&mut self, call: &Pending) -> Turn {
        let Asked::EpollCtl { fd, operation, target, events, data } = call.asked else {
            return Turn::error(libc::EINVAL);
        };
        let thing = self.descriptors.get(&target).copied();
        if thing.is_none() {
            // Of the real kernel's descriptors only those that can be polled may be there.
            return self.unknown(call);
        }
        let thing = thing.unwrap_or_default();
        if let Some(turn) = self.refuse_watch(call, operation as i32, target) {
            return turn;
        }
        let Some(What::Epoll { entries, .. }) =
            self.thing_mut(fd).map(|thing| &mut thing.what)
        else {
            return Turn::error(libc::EBADF);
        };
        let place =
            entries.iter().position(|entry| entry.fd == target && entry.thing == thing);
        let entry = Watched { fd: target, thing, events: events as u32, data, told: 0 };
        match (operation as i32, place) {
            (libc::EPOLL_CTL_ADD, None) => entries.push(entry),
            (libc::EPOLL_CTL_ADD, Some(_)) => return Turn::error(libc::EEXIST),
            (libc::EPOLL_CTL_MOD, Some(place)) => entries[place] = entry,
            (libc::EPOLL_CTL_DEL, Some(place)) => _ = entries.remove(place),
            (_, None) => return Turn::error(libc::ENOENT),
            _ => return Turn::error(libc::EINVAL),
        }
        Turn::result(0)
    }

    /// There may be no room to watch another connection; one that is watched has its room.
    fn refuse_watch(&mut self, call: &Pending, operation: i32, fd: i64) -> Option<Turn> {
        if operation != libc::EPOLL_CTL_ADD || self.connection_of(fd).is_none() {
            return None;
        }
        let fault = self.struck(call, fd, &[Fault::RefusedWatch])?;
        let error = self.chance.one_of(&[libc::ENOMEM, libc::ENOSPC]);
        Some(self.fail(fault, call, fd, error))
    }

    /// Before a descriptor is closed: one of its events may be told afterwards.
    pub fn leave_late_events(&mut self, fd: i64) {
        let (all, thing) = (self.events(fd) as u32, self.descriptors.get(&fd).copied());
        if !self.listening || self.over.is_some() || self.connection_of(fd).is_none() {
            return;
        }
        for watcher in self.things.values_mut() {
            let What::Epoll { entries, late } = &mut watcher.what else { continue };
            let own = entries.iter().find(|it| it.fd == fd && Some(it.thing) == thing);
            let Some(entry) = own else { continue };
            let events = all & (entry.events | ALWAYS);
            if events != 0 && self.chance.strikes(Fault::LateEvent) {
                late.push(Woken { events: events.into(), data: entry.data });
            }
        }
    }

    /// Those that were told go behind the others, so that a short list is fair.
    pub fn epoll_wait(&mut self, call: &Pending) -> Turn {
        let Asked::EpollWait { fd, room, timeout } = call.asked else {
            return Turn::error(libc::EINVAL);
        };
        if let Some(turn) = self.strike_wait(call) {
            return turn;
        }
        let Some(What::Epoll { entries, late }) = self.thing(fd).map(|thing| &thing.what)
        else {
            return Turn::error(libc::EBADF);
        };
        let ready = entries.iter().enumerate().filter_map(|(place, entry)| {
            let events = self.events(entry.fd) as u32 & (entry.events | ALWAYS);
            let activity = self.activity(entry.fd);
            let is_news = entry.events & EDGES == 0 || activity != entry.told;
            let disarmed = entry.events & !(ONCE | EDGES) == 0;
            (events != 0 && is_news && !disarmed).then_some((place, events, activity))
        });
        let late = late.len().min(room);
        let ready: Vec<(usize, u32, u64)> = ready.take(room - late).collect();
        if ready.is_empty() && late == 0 {
            return self.sleep_until(call, timeout);
        }
        let Some(What::Epoll { entries, late: all_late }) =
            self.thing_mut(fd).map(|thing| &mut thing.what)
        else {
            return Turn::error(libc::EBADF);
        };
        let mut woken: Vec<Woken> = all_late.drain(..late).collect();
        for (place, events, activity) in &ready {
            let entry = &mut entries[*place];
            woken.push(Woken { events: i64::from(*events), data: entry.data });
            entry.told = *activity;
            if entry.events & ONCE != 0 {
                entry.events &= ONCE | EDGES;
            }
        }
        for (place, ..) in ready.iter().rev() {
            let entry = entries.remove(*place);
            entries.push(entry);
        }
        self.lose_time();
        let count = woken.len() as i64;
        Turn::given(count, Payload { woken, ..Payload::default() })
    }

    /// A number that changes with whatever an edge may be.
    fn activity(&self, fd: i64) -> u64 {
        match self.thing(fd).map(|thing| &thing.what) {
            Some(What::Stream { connection, .. }) => {
                let it = &self.connections[*connection];
                let (up, down) = (it.up.delivered, it.down.taken + it.down.held.len());
                let ends = u64::from(it.up.end_received) + u64::from(it.reset);
                1 + (up + down) as u64 + ends
            }
            _ => self.moves + 1,
        }
    }

    pub fn event_fd(&mut self, value: i64, flags: i64) -> Turn {
        let semaphore = flags as i32 & libc::EFD_SEMAPHORE != 0;
        let nonblocking = flags as i32 & libc::EFD_NONBLOCK != 0;
        self.add(What::EventFd { value: value as u64, semaphore }, nonblocking)
    }

    pub fn event_fd_read(&mut self, _: &Pending, fd: i64, nonblocking: bool) -> Turn {
        let Some(What::EventFd { value, semaphore }) =
            self.thing_mut(fd).map(|thing| &mut thing.what)
        else {
            return Turn::error(libc::EBADF);
        };
        if *value == 0 {
            return if nonblocking {
                Turn::error(libc::EAGAIN)
            } else {
                Turn::Wait(None)
            };
        }
        let taken = if *semaphore { 1 } else { *value };
        *value -= taken;
        self.moved();
        Turn::bytes(taken.to_ne_bytes().to_vec())
    }

    pub fn event_fd_write(&mut self, call: &Pending, fd: i64, nonblocking: bool) -> Turn {
        let bytes = match bytes_of(&call.asked, 0, 8) {
            Ok(bytes) => bytes,
            Err(error) => return Turn::error(error),
        };
        let added = bytes.try_into().map_or(0, u64::from_ne_bytes);
        let Some(What::EventFd { value, .. }) =
            self.thing_mut(fd).map(|thing| &mut thing.what)
        else {
            return Turn::error(libc::EBADF);
        };
        match value.checked_add(added) {
            Some(u64::MAX) | None if nonblocking => Turn::error(libc::EAGAIN),
            Some(u64::MAX) | None => Turn::Wait(None),
            Some(sum) => {
                *value = sum;
                self.moved();
                Turn::result(8)
            }
        }
    }

    /// Both ends at once.
    pub fn socket_pair(&mut self, kind: i64) -> Turn {
        let nonblocking = kind & i64::from(libc::SOCK_NONBLOCK) != 0;
        let end = || What::Pair { inbox: VecDeque::new(), other: None };
        let (Some(left), Some(right)) =
            (self.add_thing(end(), nonblocking), self.add_thing(end(), nonblocking))
        else {
            return Turn::error(libc::EMFILE);
        };
        for (fd, peer) in [(left, right), (right, left)] {
            let peer = self.descriptors.get(&peer).copied();
            if let Some(What::Pair { other, .. }) =
                self.thing_mut(fd).map(|thing| &mut thing.what)
            {
                *other = peer;
            }
        }
        let both = [left as i32, right as i32];
        let bytes: Vec<u8> = both.iter().flat_map(|fd| fd.to_ne_bytes()).collect();
        Turn::given(0, Payload { data: Some(bytes.into()), ..Payload::default() })
    }

    pub fn pair_read(
        &mut self,
        _: &Pending,
        fd: i64,
        room: usize,
        nonblocking: bool,
    ) -> Turn {
        let Some(What::Pair { inbox, other }) =
            self.thing_mut(fd).map(|thing| &mut thing.what)
        else {
            return Turn::error(libc::EBADF);
        };
        let count = room.min(inbox.len());
        if count == 0 && other.is_some() && room > 0 {
            return if nonblocking {
                Turn::error(libc::EAGAIN)
            } else {
                Turn::Wait(None)
            };
        }
        let bytes = inbox.drain(..count).collect();
        self.moved();
        Turn::bytes(bytes)
    }

    pub fn pair_write(&mut self, call: &Pending, fd: i64) -> Turn {
        let Some(What::Pair { other, .. }) = self.thing(fd).map(|thing| &thing.what)
        else {
            return Turn::error(libc::EBADF);
        };
        let Some(other) = *other else { return self.broken_pipe(false) };
        let count = match &call.asked {
            Asked::Write { data, .. }
            | Asked::SendTo { data, .. }
            | Asked::WriteV { data, .. } => data.0.len(),
            _ => return self.unknown(call),
        };
        let bytes = bytes_of(&call.asked, 0, count).unwrap_or_default();
        if let Some(What::Pair { inbox, .. }) =
            self.things.get_mut(&other).map(|thing| &mut thing.what)
        {
            inbox.extend(bytes);
        }
        self.moved();
        Turn::result(count as i64)
    }
}
