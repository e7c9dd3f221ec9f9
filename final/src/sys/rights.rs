//! Descriptors that go from one process to another: `SCM_RIGHTS`, unix(7) and cmsg(3).

use std::io::{self, ErrorKind};
use std::mem::zeroed;
use std::os::fd::{AsRawFd, FromRawFd, OwnedFd, RawFd};
use std::ptr;

use libc::{c_int, iovec, msghdr};

/// How many descriptors one message carries at most, which is as many as the kernel allows.
pub const MOST: usize = 253;

/// Sends a byte that carries these descriptors: the receiver has the same open sockets then, and so have
/// we. sendmsg(2).
pub fn pass(socket: &impl AsRawFd, descriptors: &[RawFd]) -> io::Result<()> {
    let (mut byte, size) = (0_u8, size_of_val(descriptors));
    let mut part = iovec { iov_base: (&raw mut byte).cast(), iov_len: 1 };
    let mut control = control();
    // SAFETY: a message may be all zeros.
    let mut message: msghdr = unsafe { zeroed() };
    (message.msg_iov, message.msg_iovlen) = (&mut part, 1);
    if !descriptors.is_empty() {
        message.msg_control = control.as_mut_ptr().cast();
        // SAFETY: it only counts.
        message.msg_controllen = unsafe { libc::CMSG_SPACE(size as u32) } as usize;
        // SAFETY: `control` has room for a header and `MOST` descriptors, and there aren't more.
        unsafe {
            let header = libc::CMSG_FIRSTHDR(&message);
            (*header).cmsg_level = libc::SOL_SOCKET;
            (*header).cmsg_type = libc::SCM_RIGHTS;
            (*header).cmsg_len = libc::CMSG_LEN(size as u32) as usize;
            let (from, to) = (descriptors.as_ptr(), libc::CMSG_DATA(header));
            ptr::copy_nonoverlapping(from.cast(), to, size);
        }
    }
    // SAFETY: all that the message points to lives until the call is over.
    syscall!(sendmsg(socket.as_raw_fd(), &message, libc::MSG_NOSIGNAL))?;
    Ok(())
}

/// Receives such a byte, and what it carries: recvmsg(2). `UnexpectedEof` if there is none, and `EMFILE`
/// if this process may not have so many descriptors.
pub fn take(socket: &impl AsRawFd) -> io::Result<Vec<OwnedFd>> {
    let mut byte = 0_u8;
    let mut part = iovec { iov_base: (&raw mut byte).cast(), iov_len: 1 };
    let mut control = control();
    // SAFETY: a message may be all zeros.
    let mut message: msghdr = unsafe { zeroed() };
    (message.msg_iov, message.msg_iovlen) = (&mut part, 1);
    message.msg_control = control.as_mut_ptr().cast();
    message.msg_controllen = size_of_val(&*control);
    // SAFETY: all that the message points to lives until the call is over.
    let count =
        syscall!(recvmsg(socket.as_raw_fd(), &mut message, libc::MSG_CMSG_CLOEXEC))?;
    let mut descriptors = Vec::new();
    // SAFETY: the kernel has written the headers, and as many descriptors as they say. These are new, and
    // nobody else has them. What follows a header needn't be aligned.
    unsafe {
        let header = libc::CMSG_FIRSTHDR(&message);
        if let Some(header) = header.as_ref()
            && (header.cmsg_level, header.cmsg_type)
                == (libc::SOL_SOCKET, libc::SCM_RIGHTS)
        {
            let size = header.cmsg_len - libc::CMSG_LEN(0) as usize;
            let start = libc::CMSG_DATA(header).cast::<c_int>();
            for index in 0..size / size_of::<c_int>() {
                let fd = start.add(index).read_unaligned();
                descriptors.push(OwnedFd::from_raw_fd(fd));
            }
        }
    }
    match count {
        0 => Err(ErrorKind::UnexpectedEof.into()),
        _ if message.msg_flags & libc::MSG_CTRUNC != 0 => {
            Err(io::Error::from_raw_os_error(libc::EMFILE))
        }
        _ => Ok(descriptors),
    }
}

/// Room for a header and `MOST` descriptors, aligned for the header.
fn control() -> Box<[u64]> {
    // SAFETY: it only counts.
    let space = unsafe { libc::CMSG_SPACE((MOST * size_of::<c_int>()) as u32) } as usize;
    vec![0; space.div_ceil(size_of::<u64>())].into()
}

#[cfg(test)]
mod tests {
    use std::fs::File;
    use std::io::Read;
    use std::os::unix::net::UnixStream;

    use super::*;

    #[test]
    fn as_many_descriptors_as_are_sent_arrive() {
        let (ours, theirs) = UnixStream::pair().unwrap();
        for count in [0, 1, 2, MOST] {
            let (reader, writer) = io::pipe().unwrap();
            pass(&ours, &vec![reader.as_raw_fd(); count]).unwrap();
            drop(reader);
            let mut taken = take(&theirs).unwrap();
            assert_eq!(taken.len(), count);
            if let Some(last) = taken.pop() {
                io::Write::write_all(&mut &writer, b"through").unwrap();
                drop(writer);
                let mut text = String::new();
                File::from(last).read_to_string(&mut text).unwrap();
                assert_eq!(text, "through");
            }
        }
        drop(ours);
        assert_eq!(take(&theirs).unwrap_err().kind(), ErrorKind::UnexpectedEof);
    }
}
