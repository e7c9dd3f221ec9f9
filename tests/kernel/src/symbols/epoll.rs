//! epoll(7).

use libc::{c_int, epoll_event, sigset_t};
use recording::{Asked, Payload, Woken};
use syscalls::Sysno;

use super::int;
use super::waits::SIGNALS;
use crate::raw;
use crate::request::{Plain, Request};

#[unsafe(no_mangle)]
unsafe extern "C" fn epoll_create1(flags: c_int) -> c_int {
    let args = [flags as usize, 0, 0, 0, 0, 0];
    let asked = || Asked::EpollCreate1 { flags: flags.into() };
    int(Plain { asked, number: Sysno::epoll_create1, args })
}

#[unsafe(no_mangle)]
unsafe extern "C" fn epoll_create(_size: c_int) -> c_int {
    // SAFETY: the same, without flags.
    unsafe { epoll_create1(0) }
}

#[unsafe(no_mangle)]
unsafe extern "C" fn epoll_ctl(
    fd: c_int,
    operation: c_int,
    target: c_int,
    event: *mut epoll_event,
) -> c_int {
    let args = [fd as usize, operation as usize, target as usize, event.addr(), 0, 0];
    let asked = || {
        let (mut events, mut data) = (0, 0);
        if !event.is_null() {
            // SAFETY: the caller's event.
            let event = unsafe { event.read() };
            (events, data) = (event.events.into(), event.u64);
        }
        let [fd, operation, target] = [fd, operation, target].map(i64::from);
        Asked::EpollCtl { fd, operation, target, events, data }
    };
    int(Plain { asked, number: Sysno::epoll_ctl, args })
}

struct Wait {
    fd: c_int,
    events: *mut epoll_event,
    room: c_int,
    timeout: c_int,
    /// Which signals wait meanwhile; null for no change.
    signals: *const sigset_t,
}

impl Request for Wait {
    fn asked(&self) -> Asked {
        let (fd, timeout) = (self.fd.into(), self.timeout.into());
        Asked::EpollWait { fd, room: self.room.max(0) as usize, timeout }
    }

    /// By epoll_pwait(2), as not every kind of machine has epoll_wait(2).
    fn make(&mut self) -> isize {
        let [fd, room, timeout] =
            [self.fd, self.room, self.timeout].map(|it| it as usize);
        let args = [fd, self.events.addr(), room, timeout, self.signals.addr(), SIGNALS];
        // SAFETY: the caller's places.
        unsafe { raw::call(Sysno::epoll_pwait, args) }
    }

    fn payload(&self, result: isize) -> Payload {
        let woken = (0..result as usize).map(|place| {
            // SAFETY: the kernel has just written so many.
            let event = unsafe { self.events.add(place).read() };
            Woken { events: event.events.into(), data: event.u64 }
        });
        Payload { woken: woken.collect(), ..Payload::default() }
    }

    fn fill(&mut self, _: isize, payload: &Payload) {
        for (place, woken) in payload.woken.iter().enumerate() {
            let event = epoll_event { events: woken.events as u32, u64: woken.data };
            // SAFETY: the caller has room for as many as it said.
            unsafe { self.events.add(place).write(event) };
        }
    }
}

#[unsafe(no_mangle)]
unsafe extern "C" fn epoll_wait(
    fd: c_int,
    events: *mut epoll_event,
    room: c_int,
    timeout: c_int,
) -> c_int {
    int(Wait { fd, events, room, timeout, signals: std::ptr::null() })
}

#[unsafe(no_mangle)]
unsafe extern "C" fn epoll_pwait(
    fd: c_int,
    events: *mut epoll_event,
    room: c_int,
    timeout: c_int,
    signals: *const sigset_t,
) -> c_int {
    int(Wait { fd, events, room, timeout, signals })
}
