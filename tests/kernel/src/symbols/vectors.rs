//! Bytes from and into several buffers at once.

use libc::{c_int, iovec, ssize_t};
use recording::{Asked, Data, Given, Payload};
use syscalls::Sysno;

use super::sockets::bytes;
use crate::answer::answer;
use crate::raw;
use crate::request::{Plain, Request};

/// # Safety
///
/// So many are there.
unsafe fn pieces<'a>(vectors: *const iovec, count: c_int) -> &'a [iovec] {
    match count {
        ..=0 => &[],
        // SAFETY: the caller's.
        count => unsafe { std::slice::from_raw_parts(vectors, count as usize) },
    }
}

#[unsafe(no_mangle)]
unsafe extern "C" fn writev(fd: c_int, vectors: *const iovec, count: c_int) -> ssize_t {
    let args = [fd as usize, vectors.addr(), count as usize, 0, 0, 0];
    let asked = || {
        // SAFETY: the caller's pieces.
        let pieces = unsafe { pieces(vectors, count) };
        // SAFETY: each has its length.
        let each = |piece: &iovec| unsafe { bytes(piece.iov_base, piece.iov_len).0 };
        let data = Data(pieces.iter().flat_map(each).collect());
        let pieces = pieces.iter().map(|piece| piece.iov_len).collect();
        Asked::WriteV { fd: fd.into(), data, pieces }
    };
    answer(Plain { asked, number: Sysno::writev, args })
}

struct ReadV {
    fd: c_int,
    vectors: *const iovec,
    count: c_int,
}

impl ReadV {
    fn pieces(&self) -> &[iovec] {
        // SAFETY: the caller's pieces.
        unsafe { pieces(self.vectors, self.count) }
    }
}

impl Request for ReadV {
    fn asked(&self) -> Asked {
        let rooms = self.pieces().iter().map(|piece| piece.iov_len).collect();
        Asked::ReadV { fd: self.fd.into(), rooms }
    }

    fn make(&mut self) -> isize {
        let args = [self.fd as usize, self.vectors.addr(), self.count as usize, 0, 0, 0];
        // SAFETY: the caller's pieces.
        unsafe { raw::call(Sysno::readv, args) }
    }

    fn payload(&self, result: isize) -> Payload {
        let mut left = result as usize;
        let mut data = Vec::new();
        for piece in self.pieces() {
            let count = left.min(piece.iov_len);
            // SAFETY: the kernel has just written so many bytes.
            data.extend(unsafe { bytes(piece.iov_base, count).0 });
            left -= count;
        }
        Payload { data: Some(data.into()), ..Payload::default() }
    }

    fn fill(&mut self, _: isize, payload: &Payload) {
        let Some(data) = payload.data.as_ref().map(Given::bytes) else { return };
        let mut rest = &data[..];
        for piece in self.pieces() {
            let (these, others) = rest.split_at(rest.len().min(piece.iov_len));
            // SAFETY: the caller's piece has this room.
            unsafe {
                std::ptr::copy(these.as_ptr(), piece.iov_base.cast(), these.len());
            }
            rest = others;
        }
    }
}

#[unsafe(no_mangle)]
unsafe extern "C" fn readv(fd: c_int, vectors: *const iovec, count: c_int) -> ssize_t {
    answer(ReadV { fd, vectors, count })
}
