//! Calls that only the hostile kernel answers, or says that it doesn't have: else a call would
//! be made for real where there is nothing but a placeholder.

use libc::{c_int, c_uint, c_ulong, c_void, size_t, timespec};
use recording::{Asked, Given, Payload};
use syscalls::Sysno;

use super::int;
use crate::answer::answer;
use crate::raw;
use crate::request::Request;

/// A call by its name, with its arguments as numbers, and room for what it gives.
pub struct Other<const N: usize> {
    pub name: &'static str,
    pub number: Sysno,
    pub args: [usize; 6],
    /// How the arguments are told, if not as they are.
    pub told: [i64; N],
    /// Where bytes that come with the answer go.
    pub room: *mut c_void,
}

impl<const N: usize> Request for Other<N> {
    fn asked(&self) -> Asked {
        Asked::Other { name: self.name.to_string(), arguments: self.told.to_vec() }
    }

    fn make(&mut self) -> isize {
        // SAFETY: the caller's arguments.
        unsafe { raw::call(self.number, self.args) }
    }

    fn fill(&mut self, _: isize, payload: &Payload) {
        let Some(data) = payload.data.as_ref().map(Given::bytes) else { return };
        if !self.room.is_null() {
            // SAFETY: the caller has room for what this call gives.
            unsafe {
                std::ptr::copy(data.as_ptr(), self.room.cast(), data.len());
            }
        }
    }
}

fn other(name: &'static str, number: Sysno, args: [usize; 6]) -> c_int {
    let told = [args[0] as c_int, args[1] as c_int, args[2] as c_int].map(i64::from);
    int(Other { name, number, args, told, room: std::ptr::null_mut() })
}

#[unsafe(no_mangle)]
unsafe extern "C" fn fcntl(fd: c_int, command: c_int, value: usize) -> c_int {
    other("fcntl", Sysno::fcntl, [fd as usize, command as usize, value, 0, 0, 0])
}

#[unsafe(no_mangle)]
unsafe extern "C" fn fcntl64(fd: c_int, command: c_int, value: usize) -> c_int {
    other("fcntl", Sysno::fcntl, [fd as usize, command as usize, value, 0, 0, 0])
}

#[unsafe(no_mangle)]
unsafe extern "C" fn dup(fd: c_int) -> c_int {
    other("dup", Sysno::dup, [fd as usize, 0, 0, 0, 0, 0])
}

/// What the third argument points at is told for the one request that takes a number there.
#[unsafe(no_mangle)]
unsafe extern "C" fn ioctl(fd: c_int, request: c_ulong, value: *mut c_void) -> c_int {
    let args = [fd as usize, request as usize, value.addr(), 0, 0, 0];
    let given = match request as libc::Ioctl == libc::FIONBIO && !value.is_null() {
        // SAFETY: this request has an int there.
        true => unsafe { value.cast::<c_int>().read() },
        false => 0,
    };
    let told = [fd.into(), request as i64, given.into()];
    int(Other { name: "ioctl", number: Sysno::ioctl, args, told, room: value })
}

#[unsafe(no_mangle)]
unsafe extern "C" fn socketpair(
    family: c_int,
    kind: c_int,
    protocol: c_int,
    both: *mut c_int,
) -> c_int {
    let [a, b, c] = [family, kind, protocol].map(|it| it as usize);
    let args = [a, b, c, both.addr(), 0, 0];
    let told = [family, kind].map(i64::from);
    let number = Sysno::socketpair;
    int(Other { name: "socketpair", number, args, told, room: both.cast() })
}

fn nanoseconds(time: &timespec) -> i64 {
    time.tv_sec * 1_000_000_000 + time.tv_nsec
}

#[unsafe(no_mangle)]
unsafe extern "C" fn nanosleep(time: *const timespec, left: *mut timespec) -> c_int {
    // SAFETY: the caller's time.
    let told = [nanoseconds(unsafe { &*time })];
    let args = [time.addr(), left.addr(), 0, 0, 0, 0];
    let (number, room) = (Sysno::nanosleep, std::ptr::null_mut());
    int(Other { name: "nanosleep", number, args, told, room })
}

/// Gives the error's number, unlike others.
#[unsafe(no_mangle)]
unsafe extern "C" fn clock_nanosleep(
    clock: c_int,
    flags: c_int,
    time: *const timespec,
    left: *mut timespec,
) -> c_int {
    // SAFETY: the caller's time, and room for another.
    let duration = unsafe {
        let mut until = nanoseconds(&*time);
        if flags & libc::TIMER_ABSTIME != 0 {
            let mut now: timespec = std::mem::zeroed();
            super::time::clock_gettime(clock, &mut now);
            until = (until - nanoseconds(&now)).max(0);
        }
        until
    };
    let [a, b] = [clock, flags].map(|it| it as usize);
    let args = [a, b, time.addr(), left.addr(), 0, 0];
    let (number, room) = (Sysno::clock_nanosleep, std::ptr::null_mut());
    match int(Other { name: "nanosleep", number, args, told: [duration], room }) {
        0 => 0,
        // SAFETY: the place of this thread's own errno.
        _ => unsafe { *libc::__errno_location() },
    }
}

#[unsafe(no_mangle)]
unsafe extern "C" fn timerfd_create(clock: c_int, flags: c_int) -> c_int {
    let args = [clock as usize, flags as usize, 0, 0, 0, 0];
    other("timerfd_create", Sysno::timerfd_create, args)
}

#[unsafe(no_mangle)]
unsafe extern "C" fn signalfd(fd: c_int, signals: *const c_void, flags: c_int) -> c_int {
    let args = [fd as usize, signals.addr(), 8, flags as usize, 0, 0];
    other("signalfd", Sysno::signalfd4, args)
}

#[unsafe(no_mangle)]
unsafe extern "C" fn dup3(fd: c_int, to: c_int, flags: c_int) -> c_int {
    let args = [fd as usize, to as usize, flags as usize, 0, 0, 0];
    other("dup3", Sysno::dup3, args)
}

#[unsafe(no_mangle)]
unsafe extern "C" fn recvmsg(fd: c_int, message: *mut c_void, flags: c_int) -> isize {
    let args = [fd as usize, message.addr(), flags as usize, 0, 0, 0];
    other("recvmsg", Sysno::recvmsg, args) as isize
}

#[unsafe(no_mangle)]
unsafe extern "C" fn sendmsg(fd: c_int, message: *const c_void, flags: c_int) -> isize {
    let args = [fd as usize, message.addr(), flags as usize, 0, 0, 0];
    other("sendmsg", Sysno::sendmsg, args) as isize
}

#[unsafe(no_mangle)]
unsafe extern "C" fn connect(fd: c_int, to: *const c_void, length: c_uint) -> c_int {
    let args = [fd as usize, to.addr(), length as usize, 0, 0, 0];
    other("connect", Sysno::connect, args)
}

#[unsafe(no_mangle)]
unsafe extern "C" fn splice(
    from: c_int,
    from_offset: *mut i64,
    to: c_int,
    to_offset: *mut i64,
    length: size_t,
    flags: c_uint,
) -> isize {
    let (from_offset, to_offset) = (from_offset.addr(), to_offset.addr());
    let args =
        [from as usize, from_offset, to as usize, to_offset, length, flags as usize];
    let (told, room) = ([to, from].map(i64::from), std::ptr::null_mut());
    answer(Other { name: "splice", number: Sysno::splice, args, told, room })
}
