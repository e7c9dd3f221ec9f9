//! System calls as they are, past every library.

use libc::c_int;
use syscalls::{Sysno, syscall6};

/// The result, or the error's number below zero.
///
/// # Safety
///
/// As for the call itself.
pub unsafe fn call(number: Sysno, args: [usize; 6]) -> isize {
    let [a, b, c, d, e, f] = args;
    // SAFETY: the caller's.
    match unsafe { syscall6(number, a, b, c, d, e, f) } {
        Ok(result) => result as isize,
        Err(error) => -(error.into_raw() as isize),
    }
}

/// In the manner of libc: -1, and the number in `errno`.
pub fn with_errno(result: isize) -> isize {
    if (-4095..0).contains(&result) {
        // SAFETY: the place of this thread's own errno.
        unsafe { *libc::__errno_location() = -result as c_int };
        return -1;
    }
    result
}
