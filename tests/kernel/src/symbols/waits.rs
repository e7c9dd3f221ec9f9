//! Waiting for readiness.

use libc::{c_int, nfds_t, pollfd, sigset_t, timespec};
use recording::{Asked, Entry, Payload};
use syscalls::Sysno;

use super::int;
use crate::raw;
use crate::request::Request;

struct Poll {
    entries: *mut pollfd,
    count: nfds_t,
    timeout: c_int,
    /// Which signals wait meanwhile; null for no change.
    signals: *const sigset_t,
}

/// How many bytes the kernel's own set of signals has.
pub const SIGNALS: usize = 8;

impl Poll {
    fn entries(&self) -> &[pollfd] {
        match self.count {
            0 => &[],
            // SAFETY: the caller's entries.
            count => unsafe { std::slice::from_raw_parts(self.entries, count as usize) },
        }
    }
}

impl Request for Poll {
    fn asked(&self) -> Asked {
        let entries = self.entries().iter();
        let entry = |it: &pollfd| Entry { fd: it.fd.into(), events: it.events.into() };
        let entries = entries.map(entry).collect();
        Asked::Poll { entries, timeout: self.timeout.into() }
    }

    /// By ppoll(2), as not every kind of machine has poll(2).
    fn make(&mut self) -> isize {
        let timeout = libc::timespec {
            tv_sec: (self.timeout / 1000).into(),
            tv_nsec: (self.timeout % 1000 * 1_000_000).into(),
        };
        let timeout = if self.timeout < 0 { 0 } else { (&raw const timeout).addr() };
        let (count, signals) = (self.count as usize, self.signals.addr());
        let args = [self.entries.addr(), count, timeout, signals, SIGNALS, 0];
        // SAFETY: the caller's entries.
        unsafe { raw::call(Sysno::ppoll, args) }
    }

    fn payload(&self, _: isize) -> Payload {
        let ready = self.entries().iter().filter(|entry| entry.revents != 0);
        let entry = |it: &pollfd| Entry { fd: it.fd.into(), events: it.revents.into() };
        Payload { ready: ready.map(entry).collect(), ..Payload::default() }
    }

    /// Each descriptor stands in the list once; what one that stands there twice is given, is
    /// given twice.
    fn fill(&mut self, _: isize, payload: &Payload) {
        for (place, entry) in self.entries().iter().enumerate() {
            let fd = i64::from(entry.fd);
            let found = payload.ready.iter().find(|ready| ready.fd == fd);
            let events = found.map_or(0, |ready| ready.events as i16);
            // SAFETY: one of the caller's entries.
            unsafe { (*self.entries.add(place)).revents = events };
        }
    }
}

#[unsafe(no_mangle)]
unsafe extern "C" fn poll(entries: *mut pollfd, count: nfds_t, timeout: c_int) -> c_int {
    int(Poll { entries, count, timeout, signals: std::ptr::null() })
}

/// Its time is rounded up to milliseconds.
#[unsafe(no_mangle)]
unsafe extern "C" fn ppoll(
    entries: *mut pollfd,
    count: nfds_t,
    timeout: *const timespec,
    signals: *const sigset_t,
) -> c_int {
    // SAFETY: the caller's time, if there is one.
    let timeout = unsafe { timeout.as_ref() };
    let milliseconds = |time: &timespec| {
        time.tv_sec * 1000 + (time.tv_nsec as u64).div_ceil(1_000_000) as i64
    };
    let timeout = timeout.map_or(-1, milliseconds).min(c_int::MAX.into()) as c_int;
    int(Poll { entries, count, timeout, signals })
}
