//! Files: opened, looked at, read, closed; and the descriptors of all kinds that are closed.

use std::ffi::CStr;

use libc::{
    c_char, c_int, c_long, c_uint, c_void, mode_t, off_t, size_t, ssize_t, statx,
};
use recording::{Asked, Data, FileFacts, Payload};
use syscalls::Sysno;

use super::bytes::Into;
use super::int;
use super::others::Other;
use crate::answer::answer;
use crate::raw;
use crate::request::{Plain, Request};

#[unsafe(no_mangle)]
unsafe extern "C" fn open64(path: *const c_char, flags: c_int, mode: mode_t) -> c_int {
    // SAFETY: the caller's path.
    unsafe { openat64(libc::AT_FDCWD, path, flags, mode) }
}

#[unsafe(no_mangle)]
unsafe extern "C" fn open(path: *const c_char, flags: c_int, mode: mode_t) -> c_int {
    // SAFETY: the caller's path.
    unsafe { openat64(libc::AT_FDCWD, path, flags, mode) }
}

#[unsafe(no_mangle)]
unsafe extern "C" fn openat(
    folder: c_int,
    path: *const c_char,
    flags: c_int,
    mode: mode_t,
) -> c_int {
    // SAFETY: the caller's path.
    unsafe { openat64(folder, path, flags, mode) }
}

/// The mode is there where the flags ask for one; else it is ignored, whatever it holds.
#[unsafe(no_mangle)]
unsafe extern "C" fn openat64(
    folder: c_int,
    path: *const c_char,
    flags: c_int,
    mode: mode_t,
) -> c_int {
    let args = [folder as usize, path.addr(), flags as usize, mode as usize, 0, 0];
    let asked = || {
        // SAFETY: the caller's path ends with a NUL.
        let path = unsafe { CStr::from_ptr(path) }.to_string_lossy().into_owned();
        Asked::OpenAt { folder: folder.into(), path, flags: flags.into() }
    };
    int(Plain { asked, number: Sysno::openat, args })
}

/// syscall(2): openat2 and getrandom, which libc has no function for or not everywhere. Others
/// are made as they are.
#[unsafe(no_mangle)]
unsafe extern "C" fn syscall(
    number: c_long,
    a: usize,
    b: usize,
    c: usize,
    d: usize,
    e: usize,
    f: usize,
) -> c_long {
    let args = [a, b, c, d, e, f];
    match number {
        libc::SYS_openat2 => {
            let asked = || {
                // SAFETY: the caller's path and its rules for how to open it.
                let (path, how) = unsafe {
                    let path = CStr::from_ptr(std::ptr::with_exposed_provenance(b));
                    let how = std::ptr::with_exposed_provenance::<libc::open_how>(c);
                    (path, how.read())
                };
                let (flags, resolve) = (how.flags as i64, how.resolve as i64);
                let path = Data::from(path.to_bytes());
                Asked::OpenAt2 { folder: a as c_int as i64, path, flags, resolve }
            };
            answer(Plain { asked, number: Sysno::openat2, args }) as c_long
        }
        libc::SYS_getrandom => {
            let buffer = std::ptr::with_exposed_provenance_mut::<c_void>(a);
            // SAFETY: the caller's buffer.
            unsafe { super::time::getrandom(buffer, b, c as c_uint) as c_long }
        }
        // What a library would do with a ring this kernel doesn't see.
        libc::SYS_io_uring_setup => {
            let told = [a as c_int as i64];
            let (name, number) = ("io_uring_setup", Sysno::io_uring_setup);
            let room = std::ptr::null_mut();
            int(Other { name, number, args, told, room }) as c_long
        }
        _ => {
            let number = Sysno::new(number as usize);
            // SAFETY: the caller's.
            let result = number.map(|number| unsafe { raw::call(number, args) });
            raw::with_errno(result.unwrap_or(-(libc::ENOSYS as isize))) as c_long
        }
    }
}

#[unsafe(no_mangle)]
unsafe extern "C" fn pread64(
    fd: c_int,
    buffer: *mut c_void,
    room: size_t,
    offset: off_t,
) -> ssize_t {
    let args = [fd as usize, buffer.addr(), room, offset as usize, 0, 0];
    let asked = || Asked::PRead64 { fd: fd.into(), room, offset };
    answer(Into { asked, number: Sysno::pread64, args, buffer, room })
}

#[unsafe(no_mangle)]
unsafe extern "C" fn pread(
    fd: c_int,
    buffer: *mut c_void,
    room: size_t,
    offset: off_t,
) -> ssize_t {
    // SAFETY: the same function, where offsets have 64 bits.
    unsafe { pread64(fd, buffer, room, offset) }
}

#[unsafe(no_mangle)]
unsafe extern "C" fn close(fd: c_int) -> c_int {
    let asked = || Asked::Close { fd: fd.into() };
    int(Plain { asked, number: Sysno::close, args: [fd as usize, 0, 0, 0, 0, 0] })
}

#[unsafe(no_mangle)]
unsafe extern "C" fn eventfd(value: c_uint, flags: c_int) -> c_int {
    let args = [value as usize, flags as usize, 0, 0, 0, 0];
    let asked = || Asked::EventFd2 { value: value.into(), flags: flags.into() };
    int(Plain { asked, number: Sysno::eventfd2, args })
}

struct Statx {
    fd: c_int,
    path: *const c_char,
    flags: c_int,
    mask: c_uint,
    found: *mut statx,
}

#[unsafe(export_name = "statx")]
unsafe extern "C" fn look(
    fd: c_int,
    path: *const c_char,
    flags: c_int,
    mask: c_uint,
    found: *mut statx,
) -> c_int {
    int(Statx { fd, path, flags, mask, found })
}

impl Request for Statx {
    fn asked(&self) -> Asked {
        // SAFETY: the caller's path; null is refused by the kernel, as std tries.
        let path = (!self.path.is_null()).then(|| unsafe { CStr::from_ptr(self.path) });
        let path = path.unwrap_or_default().to_string_lossy().into_owned();
        let (flags, mask) = (self.flags.into(), self.mask.into());
        Asked::Statx { fd: self.fd.into(), path, flags, mask }
    }

    fn make(&mut self) -> isize {
        let Statx { fd, path, flags, mask, found } = self;
        let (flags, mask) = (*flags as usize, *mask as usize);
        let args = [*fd as usize, path.addr(), flags, mask, found.addr(), 0];
        // SAFETY: the caller's places.
        unsafe { raw::call(Sysno::statx, args) }
    }

    fn payload(&self, _: isize) -> Payload {
        // SAFETY: the kernel has just written it.
        let found = unsafe { &*self.found };
        let file = FileFacts {
            mode: found.stx_mode.into(),
            size: found.stx_size as i64,
            inode: found.stx_ino as i64,
            modified: (found.stx_mtime.tv_sec, found.stx_mtime.tv_nsec.into()),
            changed: (found.stx_ctime.tv_sec, found.stx_ctime.tv_nsec.into()),
        };
        Payload { file: Some(file), ..Payload::default() }
    }

    fn fill(&mut self, _: isize, payload: &Payload) {
        let Some(file) = &payload.file else { return };
        // SAFETY: the caller's place; all its fields are numbers.
        unsafe {
            let mut found: statx = std::mem::zeroed();
            found.stx_mask = libc::STATX_BASIC_STATS;
            found.stx_nlink = 1;
            found.stx_mode = file.mode as u16;
            found.stx_size = file.size as u64;
            found.stx_ino = file.inode as u64;
            (found.stx_mtime.tv_sec, found.stx_mtime.tv_nsec) =
                (file.modified.0, file.modified.1 as u32);
            (found.stx_ctime.tv_sec, found.stx_ctime.tv_nsec) =
                (file.changed.0, file.changed.1 as u32);
            self.found.write(found);
        }
    }
}
