//! Bytes that come and go.

use libc::{c_int, c_void, off_t, size_t, sockaddr, socklen_t, ssize_t};
use recording::{Asked, Given, Payload};
use syscalls::Sysno;

use super::sockets::bytes;
use crate::answer::answer;
use crate::raw;
use crate::request::{Plain, Request};

/// A call that fills a buffer.
pub struct Into<F> {
    pub asked: F,
    pub number: Sysno,
    pub args: [usize; 6],
    pub buffer: *mut c_void,
    pub room: usize,
}

impl<F: Fn() -> Asked> Request for Into<F> {
    fn asked(&self) -> Asked {
        (self.asked)()
    }

    fn make(&mut self) -> isize {
        // SAFETY: the caller's buffer.
        unsafe { raw::call(self.number, self.args) }
    }

    fn payload(&self, result: isize) -> Payload {
        // SAFETY: the kernel has just written so many bytes.
        let data = unsafe { bytes(self.buffer, result as usize) };
        Payload { data: Some(data.0.into()), ..Payload::default() }
    }

    fn fill(&mut self, _: isize, payload: &Payload) {
        let Some(data) = payload.data.as_ref().map(Given::bytes) else { return };
        assert!(data.len() <= self.room, "an answer fits into its buffer");
        // SAFETY: the caller's buffer has this room.
        unsafe {
            std::ptr::copy(data.as_ptr(), self.buffer.cast::<u8>(), data.len());
        }
    }
}

#[unsafe(no_mangle)]
unsafe extern "C" fn read(fd: c_int, buffer: *mut c_void, room: size_t) -> ssize_t {
    let args = [fd as usize, buffer.addr(), room, 0, 0, 0];
    let asked = || Asked::Read { fd: fd.into(), room };
    answer(Into { asked, number: Sysno::read, args, buffer, room })
}

#[unsafe(no_mangle)]
unsafe extern "C" fn recv(
    fd: c_int,
    buffer: *mut c_void,
    room: size_t,
    flags: c_int,
) -> ssize_t {
    let args = [fd as usize, buffer.addr(), room, flags as usize, 0, 0];
    let asked = || Asked::RecvFrom { fd: fd.into(), room, flags: flags.into() };
    answer(Into { asked, number: Sysno::recvfrom, args, buffer, room })
}

#[unsafe(no_mangle)]
unsafe extern "C" fn write(fd: c_int, data: *const c_void, length: size_t) -> ssize_t {
    let args = [fd as usize, data.addr(), length, 0, 0, 0];
    // SAFETY: the caller's bytes.
    let asked = || Asked::Write { fd: fd.into(), data: unsafe { bytes(data, length) } };
    answer(Plain { asked, number: Sysno::write, args })
}

#[unsafe(no_mangle)]
unsafe extern "C" fn send(
    fd: c_int,
    data: *const c_void,
    length: size_t,
    flags: c_int,
) -> ssize_t {
    // SAFETY: the caller's bytes, and no address.
    unsafe { sendto(fd, data, length, flags, std::ptr::null(), 0) }
}

#[unsafe(no_mangle)]
unsafe extern "C" fn sendto(
    fd: c_int,
    data: *const c_void,
    length: size_t,
    flags: c_int,
    to: *const sockaddr,
    to_length: socklen_t,
) -> ssize_t {
    let args =
        [fd as usize, data.addr(), length, flags as usize, to.addr(), to_length as usize];
    let asked = || {
        // SAFETY: the caller's bytes.
        let data = unsafe { bytes(data, length) };
        Asked::SendTo { fd: fd.into(), data, flags: flags.into() }
    };
    answer(Plain { asked, number: Sysno::sendto, args })
}

#[unsafe(no_mangle)]
unsafe extern "C" fn sendfile(
    to: c_int,
    file: c_int,
    offset: *mut off_t,
    count: size_t,
) -> ssize_t {
    // SAFETY: the caller's offset, if there is one.
    let from = (!offset.is_null()).then(|| unsafe { *offset });
    answer(SendFile { to, file, offset, from, count })
}

#[unsafe(no_mangle)]
unsafe extern "C" fn sendfile64(
    to: c_int,
    file: c_int,
    offset: *mut off_t,
    count: size_t,
) -> ssize_t {
    // SAFETY: the same function, where offsets have 64 bits.
    unsafe { sendfile(to, file, offset, count) }
}

/// sendfile(2), which moves the caller's offset.
struct SendFile {
    to: c_int,
    file: c_int,
    offset: *mut off_t,
    from: Option<off_t>,
    count: usize,
}

impl Request for SendFile {
    fn asked(&self) -> Asked {
        let (fd, file) = (self.to.into(), self.file.into());
        Asked::SendFile { fd, file, offset: self.from, count: self.count }
    }

    fn make(&mut self) -> isize {
        let (to, file) = (self.to as usize, self.file as usize);
        // SAFETY: the caller's offset. It is set back to what it was asked with.
        unsafe {
            if let Some(from) = self.from {
                *self.offset = from;
            }
            let args = [to, file, self.offset.addr(), self.count, 0, 0];
            raw::call(Sysno::sendfile, args)
        }
    }

    fn fill(&mut self, result: isize, _: &Payload) {
        if let Some(from) = self.from {
            // SAFETY: the caller's offset.
            unsafe { *self.offset = from + result as off_t };
        }
    }
}
