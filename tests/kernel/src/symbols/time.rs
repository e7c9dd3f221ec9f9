//! Time and randomness.

use libc::{c_int, c_uint, c_void, clockid_t, size_t, ssize_t, timespec};
use recording::{Asked, Payload};
use syscalls::Sysno;

use super::bytes::Into;
use super::int;
use crate::answer::answer;
use crate::raw;
use crate::request::Request;

struct Clock {
    clock: clockid_t,
    time: *mut timespec,
}

impl Request for Clock {
    fn asked(&self) -> Asked {
        Asked::ClockGetTime { clock: self.clock.into() }
    }

    fn make(&mut self) -> isize {
        let args = [self.clock as usize, self.time.addr(), 0, 0, 0, 0];
        // SAFETY: the caller's place.
        unsafe { raw::call(Sysno::clock_gettime, args) }
    }

    fn payload(&self, _: isize) -> Payload {
        // SAFETY: the kernel has just written it.
        let time = unsafe { ((*self.time).tv_sec, (*self.time).tv_nsec) };
        Payload { time: Some(time), ..Payload::default() }
    }

    fn fill(&mut self, _: isize, payload: &Payload) {
        if let Some((tv_sec, tv_nsec)) = payload.time {
            // SAFETY: the caller's place.
            unsafe { self.time.write(timespec { tv_sec, tv_nsec }) };
        }
    }
}

#[unsafe(no_mangle)]
unsafe extern "C" fn clock_gettime(clock: clockid_t, time: *mut timespec) -> c_int {
    int(Clock { clock, time })
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn getrandom(
    buffer: *mut c_void,
    room: size_t,
    flags: c_uint,
) -> ssize_t {
    let args = [buffer.addr(), room, flags as usize, 0, 0, 0];
    let asked = || Asked::GetRandom { room, flags: flags.into() };
    answer(Into { asked, number: Sysno::getrandom, args, buffer, room })
}
