//! Preloaded (`LD_PRELOAD`, ld.so(8)), makes openat2(2) an openat(2). Before its version 3.22
//! valgrind answers openat2 with `ENOSYS`, and `final` rightly serves no folder then.
//!
//! An openat keeps no path inside the folder. So this is for counting instructions of requests
//! that are our own, and for nothing else.

#![allow(unsafe_code)]

use std::ffi::{c_char, c_int, c_long, c_void};
use std::mem;
use std::sync::OnceLock;

type Syscall = unsafe extern "C" fn(c_long, ...) -> c_long;

/// syscall(2). All but openat2 are made as they are; none has more than six arguments.
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
    if number == libc::SYS_openat2 {
        let (path, how) = (b as *const c_char, c as *const libc::open_how);
        // SAFETY: the caller's path and `how`.
        return unsafe { libc::openat(a as c_int, path, (*how).flags as c_int) }.into();
    }
    // SAFETY: the caller's call.
    unsafe { next()(number, a, b, c, d, e, f) }
}

/// libc's own.
fn next() -> Syscall {
    static NEXT: OnceLock<usize> = OnceLock::new();
    let address = *NEXT.get_or_init(|| {
        // SAFETY: the name ends with a NUL.
        unsafe { libc::dlsym(libc::RTLD_NEXT, c"syscall".as_ptr()) }.addr()
    });
    assert_ne!(address, 0, "libc has a syscall");
    // SAFETY: libc's `syscall` is declared so.
    unsafe { mem::transmute::<*mut c_void, Syscall>(address as *mut c_void) }
}
