//! Time and randomness.

use libc::{
    c_int, c_uint, c_void, clockid_t, size_t, ssize_t, time_t, timespec, timeval,
};
use recording::{Asked, Payload};
use syscalls::Sysno;

use super::bytes::Into;
use super::int;
use crate::answer::answer;
use crate::mode::{self, Mode};
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
pub unsafe extern "C" fn clock_gettime(clock: clockid_t, time: *mut timespec) -> c_int {
    int(Clock { clock, time })
}

/// gettimeofday(2) and time(2) have their own clock on the real kernel, which isn't recorded.
fn hostile_now() -> Option<timespec> {
    let mut now = timespec { tv_sec: 0, tv_nsec: 0 };
    let is_hostile = matches!(mode::ordered(), Some(Mode::Hostile(_)));
    // SAFETY: the place is there.
    is_hostile.then(|| unsafe { clock_gettime(libc::CLOCK_REALTIME, &mut now) });
    is_hostile.then_some(now)
}

#[unsafe(no_mangle)]
unsafe extern "C" fn gettimeofday(time: *mut timeval, zone: *mut c_void) -> c_int {
    let Some(now) = hostile_now() else {
        let args = [time.addr(), zone.addr(), 0, 0, 0, 0];
        // SAFETY: the caller's places.
        let result = unsafe { raw::call(Sysno::gettimeofday, args) };
        return raw::with_errno(result) as c_int;
    };
    if !time.is_null() {
        let now = timeval { tv_sec: now.tv_sec, tv_usec: now.tv_nsec / 1000 };
        // SAFETY: the caller's place.
        unsafe { time.write(now) };
    }
    0
}

#[unsafe(export_name = "time")]
unsafe extern "C" fn seconds(place: *mut time_t) -> time_t {
    let mut now = timespec { tv_sec: 0, tv_nsec: 0 };
    // SAFETY: the place is there, and the caller's if it isn't null.
    unsafe {
        match hostile_now() {
            Some(hostile) => now = hostile,
            None => {
                let args =
                    [libc::CLOCK_REALTIME as usize, (&raw mut now).addr(), 0, 0, 0, 0];
                _ = raw::call(Sysno::clock_gettime, args);
            }
        }
        if !place.is_null() {
            place.write(now.tv_sec);
        }
    }
    now.tv_sec
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
