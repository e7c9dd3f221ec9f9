//! select(2), which is asked as poll(2) is.

use libc::{c_int, fd_set, sigset_t, timespec, timeval};
use recording::{Asked, Entry, Payload};
use syscalls::Sysno;

use super::int;
use super::waits::SIGNALS;
use crate::raw;
use crate::request::Request;

/// What each of the three sets asks for.
const EVENTS: [i16; 3] = [libc::POLLIN, libc::POLLOUT, libc::POLLPRI];
/// What belongs into each of them.
const GIVEN: [i16; 3] = [
    libc::POLLIN | libc::POLLHUP | libc::POLLERR,
    libc::POLLOUT | libc::POLLERR,
    libc::POLLPRI,
];

struct Select {
    count: c_int,
    sets: [*mut fd_set; 3],
    /// In nanoseconds; none is for ever.
    timeout: Option<i64>,
    /// Which signals wait meanwhile; null for no change.
    signals: *const sigset_t,
}

impl Select {
    fn has(&self, set: usize, fd: c_int) -> bool {
        let set = self.sets[set];
        // SAFETY: the caller's set has so many bits.
        !set.is_null() && unsafe { libc::FD_ISSET(fd, set) }
    }
}

impl Request for Select {
    fn asked(&self) -> Asked {
        let entries = (0..self.count).filter_map(|fd| {
            let sets = (0..3).filter(|set| self.has(*set, fd));
            let events = sets.fold(0, |events, set| events | EVENTS[set]);
            (events != 0).then(|| Entry { fd: fd.into(), events: events.into() })
        });
        let timeout =
            self.timeout.map_or(-1, |it| (it as u64).div_ceil(1_000_000) as i64);
        Asked::Poll { entries: entries.collect(), timeout }
    }

    fn make(&mut self) -> isize {
        const SECOND: i64 = 1_000_000_000;
        let time = self.timeout.unwrap_or_default();
        let time = timespec { tv_sec: time / SECOND, tv_nsec: time % SECOND };
        let time = self.timeout.map_or(0, |_| (&raw const time).addr());
        let [read, write, other] = self.sets.map(|set| set.addr());
        let signals = [self.signals.addr(), SIGNALS];
        let signals = (&raw const signals).addr();
        let args = [self.count as usize, read, write, other, time, signals];
        // SAFETY: the caller's sets.
        unsafe { raw::call(Sysno::pselect6, args) }
    }

    fn payload(&self, _: isize) -> Payload {
        match self.asked() {
            Asked::Poll { entries: ready, .. } => Payload { ready, ..Payload::default() },
            _ => Payload::default(),
        }
    }

    fn fill(&mut self, _: isize, payload: &Payload) {
        for fd in 0..self.count {
            let ready = payload.ready.iter().find(|ready| ready.fd == i64::from(fd));
            let events = ready.map_or(0, |ready| ready.events as i16);
            for (set, given) in self.sets.iter().zip(GIVEN) {
                if !set.is_null() && events & given == 0 {
                    // SAFETY: the caller's set has so many bits.
                    unsafe { libc::FD_CLR(fd, *set) };
                }
            }
        }
    }
}

#[unsafe(no_mangle)]
unsafe extern "C" fn select(
    count: c_int,
    read: *mut fd_set,
    write: *mut fd_set,
    other: *mut fd_set,
    timeout: *mut timeval,
) -> c_int {
    // SAFETY: the caller's time, if there is one.
    let timeout = unsafe { timeout.as_ref() };
    let timeout = timeout.map(|it| it.tv_sec * 1_000_000_000 + it.tv_usec * 1000);
    let (sets, signals) = ([read, write, other], std::ptr::null());
    int(Select { count, sets, timeout, signals })
}

#[unsafe(no_mangle)]
unsafe extern "C" fn pselect(
    count: c_int,
    read: *mut fd_set,
    write: *mut fd_set,
    other: *mut fd_set,
    timeout: *const timespec,
    signals: *const sigset_t,
) -> c_int {
    // SAFETY: the caller's time, if there is one.
    let timeout = unsafe { timeout.as_ref() };
    let timeout = timeout.map(|it| it.tv_sec * 1_000_000_000 + it.tv_nsec);
    int(Select { count, sets: [read, write, other], timeout, signals })
}
