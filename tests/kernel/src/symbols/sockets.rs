//! Sockets: made, named, listening, accepted.

use libc::{c_int, c_void, sockaddr, socklen_t};
use recording::{Asked, Data, Given, Payload};
use syscalls::Sysno;

use super::{address, int};
use crate::mode::{self, Mode};
use crate::raw;
use crate::request::{Plain, Request};

#[unsafe(no_mangle)]
unsafe extern "C" fn socket(family: c_int, kind: c_int, protocol: c_int) -> c_int {
    let args = [family as usize, kind as usize, protocol as usize, 0, 0, 0];
    let [family, kind, protocol] = [family, kind, protocol].map(i64::from);
    let asked = || Asked::Socket { family, kind, protocol };
    int(Plain { asked, number: Sysno::socket, args })
}

#[unsafe(no_mangle)]
unsafe extern "C" fn setsockopt(
    fd: c_int,
    level: c_int,
    option: c_int,
    value: *const c_void,
    length: socklen_t,
) -> c_int {
    let args =
        [fd as usize, level as usize, option as usize, value.addr(), length as usize, 0];
    let [fd, level, option] = [fd, level, option].map(i64::from);
    let asked = || {
        // SAFETY: the caller's option has this length.
        let value = unsafe { bytes(value, length as usize) };
        Asked::SetSockOpt { fd, level, option, value }
    };
    int(Plain { asked, number: Sysno::setsockopt, args })
}

/// getsockopt(2).
struct GetOption {
    fd: c_int,
    level: c_int,
    option: c_int,
    value: *mut c_void,
    length: *mut socklen_t,
}

impl Request for GetOption {
    fn asked(&self) -> Asked {
        let [fd, level, option] = [self.fd, self.level, self.option].map(i64::from);
        // SAFETY: the caller's length.
        let room = unsafe { self.length.as_ref() };
        let room = room.map_or(0, |length| *length as usize);
        Asked::GetSockOpt { fd, level, option, room }
    }

    fn make(&mut self) -> isize {
        let [fd, level, option] =
            [self.fd, self.level, self.option].map(|it| it as usize);
        let args = [fd, level, option, self.value.addr(), self.length.addr(), 0];
        // SAFETY: the caller's places.
        unsafe { raw::call(Sysno::getsockopt, args) }
    }

    fn payload(&self, _: isize) -> Payload {
        // SAFETY: the kernel has just written so much.
        let data = unsafe { bytes(self.value, *self.length as usize) };
        Payload { data: Some(data.0.into()), ..Payload::default() }
    }

    fn fill(&mut self, _: isize, payload: &Payload) {
        let Some(data) = payload.data.as_ref().map(Given::bytes) else { return };
        // SAFETY: the caller's places; no more than there is room for.
        unsafe {
            let count = data.len().min(*self.length as usize);
            std::ptr::copy(data.as_ptr(), self.value.cast(), count);
            *self.length = count as socklen_t;
        }
    }
}

#[unsafe(no_mangle)]
unsafe extern "C" fn getsockopt(
    fd: c_int,
    level: c_int,
    option: c_int,
    value: *mut c_void,
    length: *mut socklen_t,
) -> c_int {
    int(GetOption { fd, level, option, value, length })
}

#[unsafe(no_mangle)]
unsafe extern "C" fn listen(fd: c_int, backlog: c_int) -> c_int {
    let args = [fd as usize, backlog as usize, 0, 0, 0, 0];
    let [fd, backlog] = [fd, backlog].map(i64::from);
    int(Plain { asked: || Asked::Listen { fd, backlog }, number: Sysno::listen, args })
}

#[unsafe(no_mangle)]
unsafe extern "C" fn shutdown(fd: c_int, how: c_int) -> c_int {
    let args = [fd as usize, how as usize, 0, 0, 0, 0];
    let [fd, how] = [fd, how].map(i64::from);
    int(Plain { asked: || Asked::Shutdown { fd, how }, number: Sysno::shutdown, args })
}

/// The bytes at a place; none if it is null.
///
/// # Safety
///
/// So many are there.
pub unsafe fn bytes(place: *const c_void, length: usize) -> Data {
    match place.is_null() {
        true => Data::default(),
        // SAFETY: the caller's.
        false => unsafe { std::slice::from_raw_parts(place.cast(), length).into() },
    }
}

/// bind(2). While a run is recorded, another port is taken than the one that is shown.
struct Bind {
    fd: c_int,
    address: *const sockaddr,
    length: socklen_t,
}

impl Request for Bind {
    fn asked(&self) -> Asked {
        // SAFETY: the caller's address has this length.
        let address = unsafe { address::read(self.address, self.length) };
        let address = address.map_or(String::new(), |it| it.to_string());
        Asked::Bind { fd: self.fd.into(), address }
    }

    fn make(&mut self) -> isize {
        // SAFETY: room for any address, and the caller's has this length.
        unsafe {
            let mut room: libc::sockaddr_storage = std::mem::zeroed();
            let mut length = size_of_val(&room) as socklen_t;
            let mut place = self.address;
            if let (Some(Mode::Record(recorder)), Some(mut name)) =
                (mode::ordered(), address::read(self.address, self.length))
            {
                name.set_port(recorder.real_port(name.port()));
                address::write(name, (&raw mut room).cast(), &mut length);
                place = (&raw const room).cast();
            }
            let args = [self.fd as usize, place.addr(), self.length as usize, 0, 0, 0];
            raw::call(Sysno::bind, args)
        }
    }
}

#[unsafe(no_mangle)]
unsafe extern "C" fn bind(
    fd: c_int,
    address: *const sockaddr,
    length: socklen_t,
) -> c_int {
    int(Bind { fd, address, length })
}

/// A call that writes an address: getsockname(2), getpeername(2), accept(2).
struct Naming<F> {
    asked: F,
    number: Sysno,
    fd: c_int,
    address: *mut sockaddr,
    length: *mut socklen_t,
    flags: c_int,
}

impl<F: Fn() -> Asked> Request for Naming<F> {
    fn asked(&self) -> Asked {
        (self.asked)()
    }

    fn make(&mut self) -> isize {
        let (address, length) = (self.address.addr(), self.length.addr());
        let args = [self.fd as usize, address, length, self.flags as usize, 0, 0];
        // SAFETY: the caller's places.
        unsafe { raw::call(self.number, args) }
    }

    fn payload(&self, _: isize) -> Payload {
        if self.length.is_null() {
            return Payload::default();
        }
        // SAFETY: the kernel has just written it.
        let name = unsafe { address::read(self.address, *self.length) };
        let shown = |port| match mode::ordered() {
            Some(Mode::Record(recorder)) => recorder.shown_port(port),
            _ => port,
        };
        let name = name.map(|mut name| {
            name.set_port(shown(name.port()));
            name.to_string()
        });
        Payload { address: name, ..Payload::default() }
    }

    fn fill(&mut self, _: isize, payload: &Payload) {
        let name = payload.address.as_ref().and_then(|it| it.parse().ok());
        if let Some(name) = name {
            // SAFETY: the caller's places.
            unsafe { address::write(name, self.address, self.length) };
        }
    }
}

#[unsafe(no_mangle)]
unsafe extern "C" fn getsockname(
    fd: c_int,
    address: *mut sockaddr,
    length: *mut socklen_t,
) -> c_int {
    let asked = || Asked::GetSockName { fd: fd.into() };
    int(Naming { asked, number: Sysno::getsockname, fd, address, length, flags: 0 })
}

#[unsafe(no_mangle)]
unsafe extern "C" fn getpeername(
    fd: c_int,
    address: *mut sockaddr,
    length: *mut socklen_t,
) -> c_int {
    let asked = || Asked::GetPeerName { fd: fd.into() };
    int(Naming { asked, number: Sysno::getpeername, fd, address, length, flags: 0 })
}

#[unsafe(no_mangle)]
unsafe extern "C" fn accept(
    fd: c_int,
    address: *mut sockaddr,
    length: *mut socklen_t,
) -> c_int {
    let asked = || Asked::Accept { fd: fd.into(), named: !address.is_null() };
    int(Naming { asked, number: Sysno::accept, fd, address, length, flags: 0 })
}

#[unsafe(no_mangle)]
unsafe extern "C" fn accept4(
    fd: c_int,
    address: *mut sockaddr,
    length: *mut socklen_t,
    flags: c_int,
) -> c_int {
    let asked = || {
        let named = !address.is_null();
        Asked::Accept4 { fd: fd.into(), flags: flags.into(), named }
    };
    int(Naming { asked, number: Sysno::accept4, fd, address, length, flags })
}
