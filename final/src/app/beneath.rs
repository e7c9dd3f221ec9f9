//! How whatever is beneath the folder is opened, and what it means if that fails.

use std::fs::File;
use std::io;

use libc::c_int;

use crate::http::Status;
use crate::sys;

/// How often a call is made at most, if the kernel asks for another try.
const TRIES: usize = 8;

/// Makes a call, and makes it again as long as the kernel asks for that, a few times.
pub fn tried<T>(mut call: impl FnMut() -> io::Result<T>) -> io::Result<T> {
    let mut result = call();
    for _ in 1..TRIES {
        if !result.as_ref().is_err_and(sys::try_again) {
            break;
        }
        result = call();
    }
    result
}

/// Opens a file beneath the folder. The kernel says `EAGAIN` when somebody renames a file
/// elsewhere meanwhile, and `EINTR` when a signal comes: openat2(2).
pub fn open_beneath(folder: &File, path: &[u8], flags: c_int) -> io::Result<File> {
    tried(|| sys::open_beneath(folder, path, flags))
}

/// What can't be there is 404, and whatever isn't listed is 500.
pub fn status_of(error: &io::Error) -> Status {
    match error.raw_os_error() {
        Some(libc::ENOENT | libc::ENOTDIR | libc::ENAMETOOLONG) => Status::NotFound,
        Some(libc::ELOOP | libc::EXDEV | libc::ENXIO) => Status::NotFound,
        Some(libc::EACCES) => Status::Forbidden,
        Some(libc::EMFILE | libc::ENFILE | libc::ENOMEM | libc::EAGAIN) => {
            Status::ServiceUnavailable
        }
        _ => Status::InternalServerError,
    }
}

#[cfg(test)]
mod tests {
    use std::io::ErrorKind;

    use super::*;

    #[test]
    fn each_error_has_its_status() {
        for (errno, status) in [
            (libc::ENOENT, Status::NotFound),
            (libc::ENOTDIR, Status::NotFound),
            (libc::ENAMETOOLONG, Status::NotFound),
            (libc::ELOOP, Status::NotFound),
            (libc::EXDEV, Status::NotFound),
            (libc::ENXIO, Status::NotFound),
            (libc::EACCES, Status::Forbidden),
            (libc::EMFILE, Status::ServiceUnavailable),
            (libc::ENFILE, Status::ServiceUnavailable),
            (libc::ENOMEM, Status::ServiceUnavailable),
            (libc::EAGAIN, Status::ServiceUnavailable),
            (libc::EIO, Status::InternalServerError),
            (libc::ESTALE, Status::InternalServerError),
            (libc::ETIMEDOUT, Status::InternalServerError),
            (libc::EPERM, Status::InternalServerError),
        ] {
            let error = io::Error::from_raw_os_error(errno);
            assert_eq!(status_of(&error), status, "{error}");
        }
        let other = ErrorKind::UnexpectedEof.into();
        assert_eq!(status_of(&other), Status::InternalServerError);
    }
}
