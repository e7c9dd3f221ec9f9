//! Bytes that wait: to be handled, or to be sent.

use std::collections::VecDeque;
use std::fmt::Arguments;
use std::fs::File;
use std::io::{self, ErrorKind, Write};
use std::ops::Range;
use std::os::fd::OwnedFd;
use std::rc::Rc;

use crate::sys;

/// How many bytes one read takes at most.
const READ_SIZE: usize = 64 * 1024;
/// How many bytes of output are enough to stop handling input.
const WRITE_SIZE: usize = 64 * 1024;
/// How many bytes a connection sends, about, until it is the others' turn.
pub const TURN: usize = 1024 * 1024;

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

/// What a connection has to say: bytes, with parts of files between them.
#[derive(Default)]
pub struct Output {
    bytes: Vec<u8>,
    sent: usize,
    files: VecDeque<Part>,
}

/// A part of a file that isn't sent yet.
struct Part {
    /// How many of the bytes are before it.
    place: usize,
    file: Rc<File>,
    range: Range<u64>,
}

impl Output {
    /// Appends bytes.
    pub fn push(&mut self, bytes: &[u8]) {
        self.bytes.extend_from_slice(bytes);
    }

    /// Appends formatted text.
    pub fn print(&mut self, text: Arguments) {
        self.bytes.write_fmt(text).expect("a Vec takes every byte");
    }

    /// Appends a part of a file, which isn't empty. The kernel sends it from the file: no byte
    /// of it comes here. The output counts as full until it is sent.
    pub fn push_file(&mut self, file: &Rc<File>, range: Range<u64>) {
        let (place, file) = (self.bytes.len(), Rc::clone(file));
        self.files.push_back(Part { place, file, range });
    }

    /// The bytes not yet sent, without those of files.
    pub fn unsent(&self) -> &[u8] {
        &self.bytes[self.sent..]
    }

    /// Whether nothing is left to send.
    pub fn is_empty(&self) -> bool {
        self.unsent().is_empty() && self.files.is_empty()
    }

    /// Whether no more input should be handled before this is sent.
    pub fn is_full(&self) -> bool {
        self.unsent().len() >= WRITE_SIZE || !self.files.is_empty()
    }

    /// Sends as much as the socket takes, up to the end of one part of a file or for a turn;
    /// says how many bytes it took.
    ///
    /// A file that has become shorter than it was is `UnexpectedEof`: the length is promised,
    /// so the connection can only end.
    pub fn send(&mut self, socket: &OwnedFd) -> io::Result<usize> {
        let mut count = 0;
        if let Some(part) = self.files.front_mut() {
            if self.sent < part.place {
                let bytes = &self.bytes[self.sent..part.place];
                count = sys::write_with_more(socket, bytes)?;
                self.sent += count;
            }
            if self.sent == part.place {
                count += part.send(socket)?;
            }
            if part.range.is_empty() {
                self.files.pop_front();
            }
        } else if !self.is_empty() {
            count = sys::write(socket, self.unsent())?;
            self.sent += count;
        }
        if self.is_empty() {
            self.bytes.clear();
            self.sent = 0;
        }
        Ok(count)
    }
}

impl Part {
    fn send(&mut self, socket: &OwnedFd) -> io::Result<usize> {
        let left = self.range.end - self.range.start;
        let most = left.min(TURN as u64) as usize;
        let count = sys::send_file(socket, &self.file, self.range.start, most)?;
        if count == 0 {
            return Err(ErrorKind::UnexpectedEof.into());
        }
        self.range.start += count as u64;
        Ok(count)
    }
}

#[cfg(test)]
mod tests {
    use std::io::Read;
    use std::os::unix::net::UnixStream;

    use super::*;

    #[test]
    fn what_is_left_over_comes_in_front() {
        let mut leftover = Leftover::default();
        assert_eq!(leftover.join(b"one two"), b"one two");
        leftover.keep(b"one two", 4);
        assert_eq!(leftover.join(b" three"), b"two three");
        leftover.keep(b" three", 3);
        assert_eq!(leftover.join(b""), b" three");
        leftover.keep(b"", 6);
        assert_eq!(leftover.join(b"four"), b"four");
    }

    /// Or each byte of a long head would cost as much as all before it.
    #[test]
    fn what_nobody_takes_stays_where_it_is() {
        let mut leftover = Leftover::default();
        leftover.keep(&[b'x'; 1000], 0);
        let place = leftover.join(b"").as_ptr();
        leftover.keep(b"", 0);
        assert_eq!(leftover.join(b"").as_ptr(), place);
    }

    /// Or a connection's turn would be longer than it is for the others, or shorter.
    #[test]
    fn all_bytes_that_are_sent_are_counted() {
        let (socket, mut peer) = UnixStream::pair().unwrap();
        let socket = OwnedFd::from(socket);
        let mut file = tempfile::tempfile().unwrap();
        file.write_all(b"not this, but this").unwrap();
        let mut output = Output::default();
        for _ in 0..2 {
            output.push(b"head ");
            output.push_file(&Rc::new(file.try_clone().unwrap()), 10..18);
        }
        output.push(b" end");
        let counts: Vec<usize> = (0..3).map(|_| output.send(&socket).unwrap()).collect();
        assert_eq!(counts, [13, 13, 4]);
        assert!(output.is_empty());
        drop(socket);
        let mut sent = String::new();
        peer.read_to_string(&mut sent).unwrap();
        assert_eq!(sent, "head but thishead but this end");
    }
}
