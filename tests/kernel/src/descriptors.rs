//! Descriptors of things that aren't there: their numbers are taken, so that libraries which
//! look whether a descriptor is open find one, and close it for real.

use std::fs::File;
use std::os::fd::{AsRawFd, FromRawFd, IntoRawFd, OwnedFd, RawFd};

use syscalls::Sysno;

use crate::raw;

/// Above those that a program counts from 3 on.
const OWN: usize = 700;

/// Opens a placeholder under this number.
pub fn open(number: i64) {
    let place = File::open("/dev/null").expect("there is /dev/null").into_raw_fd();
    if i64::from(place) == number {
        return;
    }
    let cloexec = libc::O_CLOEXEC as usize;
    let args = [place as usize, number as usize, cloexec, 0, 0, 0];
    // SAFETY: both are this library's: the recorded program has nothing else there.
    unsafe {
        raw::call(Sysno::dup3, args);
        raw::call(Sysno::close, [place as usize, 0, 0, 0, 0, 0]);
    }
}

/// Opens a placeholder under the lowest number that is free; None if the process has too many.
pub fn open_lowest() -> Option<i64> {
    let place = File::open("/dev/null").ok()?;
    Some(place.into_raw_fd().into())
}

/// The same file under a number that is out of the program's way.
pub fn out_of_the_way(file: File) -> File {
    let args = [file.as_raw_fd() as usize, libc::F_DUPFD_CLOEXEC as usize, OWN, 0, 0, 0];
    // SAFETY: fcntl(2) gives a descriptor that is nobody else's.
    unsafe {
        let number = raw::call(Sysno::fcntl, args);
        assert!(number >= 0, "no descriptor is free");
        OwnedFd::from_raw_fd(number as RawFd).into()
    }
}
