//! Bytes that wait: to be handled, or to be sent.

use std::fmt::Arguments;
use std::io::{self, ErrorKind, Write};
use std::os::fd::OwnedFd;

use crate::sys;

/// How many bytes one read takes at most.
const READ_SIZE: usize = 64 * 1024;
/// How many bytes of output are enough to stop handling input, and a file's piece.
const WRITE_SIZE: usize = 64 * 1024;

/// The event loop's two buffers, lent to whichever connection has its turn.
pub struct Scratch {
    /// Where a read puts what arrives.
    pub input: Vec<u8>,
    /// Where a protocol puts its answer.
    pub output: Output,
}

impl Default for Scratch {
    fn default() -> Scratch {
        Scratch { input: vec![0; READ_SIZE], output: Output::default() }
    }
}

/// The bytes of a connection that its protocol hasn't consumed. Owns no memory when empty.
#[derive(Default)]
pub struct Leftover {
    bytes: Vec<u8>,
}

impl Leftover {
    /// What is left over with what has just arrived behind it; nothing is copied when
    /// nothing was left over.
    pub fn join<'a>(&'a mut self, received: &'a [u8]) -> &'a [u8] {
        if self.bytes.is_empty() {
            return received;
        }
        self.bytes.extend_from_slice(received);
        &self.bytes
    }

    /// Keeps what `consumed` leaves of the last [`Leftover::join`] with the same `received`.
    pub fn keep(&mut self, received: &[u8], consumed: usize) {
        if self.bytes.is_empty() {
            self.bytes.extend_from_slice(&received[consumed..]);
        } else if consumed > 0 {
            self.bytes = self.bytes[consumed..].to_vec();
        }
    }
}

/// What a connection has to say: bytes, and at most one file behind them.
#[derive(Default)]
pub struct Output {
    bytes: Vec<u8>,
    sent: usize,
    file: Option<Rest>,
}

/// The part of a file that isn't read yet.
struct Rest {
    file: OwnedFd,
    offset: u64,
    left: u64,
}

impl Output {
    /// Appends bytes.
    pub fn push(&mut self, bytes: &[u8]) {
        debug_assert!(self.file.is_none(), "nothing follows a file");
        self.bytes.extend_from_slice(bytes);
    }

    /// Appends formatted text.
    pub fn print(&mut self, text: Arguments) {
        debug_assert!(self.file.is_none(), "nothing follows a file");
        self.bytes.write_fmt(text).expect("a Vec takes every byte");
    }

    /// Appends the first `length` bytes of a file. They are read in pieces, as the socket
    /// takes them; the output counts as full until the last one is read.
    pub fn push_file(&mut self, file: OwnedFd, length: u64) {
        debug_assert!(self.file.is_none(), "nothing follows a file");
        if length > 0 {
            self.file = Some(Rest { file, offset: 0, left: length });
        }
    }

    /// The bytes not yet sent, without what is still in the file.
    pub fn unsent(&self) -> &[u8] {
        &self.bytes[self.sent..]
    }

    /// Whether nothing is left to send.
    pub fn is_empty(&self) -> bool {
        self.unsent().is_empty() && self.file.is_none()
    }

    /// Whether no more input should be handled before this is sent.
    pub fn is_full(&self) -> bool {
        self.unsent().len() >= WRITE_SIZE || self.file.is_some()
    }

    /// Writes once, as much as the socket takes.
    ///
    /// A file that has become shorter than it was is `UnexpectedEof`: the length is promised,
    /// so the connection can only end.
    pub fn send(&mut self, socket: &OwnedFd) -> io::Result<()> {
        self.fill()?;
        if self.is_empty() {
            return Ok(());
        }
        self.sent += sys::write(socket, self.unsent())?;
        if self.unsent().is_empty() {
            self.bytes.clear();
            self.sent = 0;
        }
        Ok(())
    }

    /// Reads the file's next piece behind the bytes, if there is room for it.
    fn fill(&mut self) -> io::Result<()> {
        let room = WRITE_SIZE.saturating_sub(self.bytes.len());
        let Some(rest) = self.file.as_mut().filter(|_| room > 0) else {
            return Ok(());
        };
        let limit = usize::try_from(rest.left).map_or(room, |left| left.min(room));
        let count = sys::read_at(&rest.file, rest.offset, limit, &mut self.bytes)?;
        if count == 0 {
            return Err(ErrorKind::UnexpectedEof.into());
        }
        rest.offset += count as u64;
        rest.left -= count as u64;
        if rest.left == 0 {
            self.file = None;
        }
        Ok(())
    }
}
