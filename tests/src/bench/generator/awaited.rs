//! What a client still waits for: the answers to what it has sent in one write.

use std::io;

use super::response::{self, SUCCESS};

/// How long the answers of a server are.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Answer {
    /// All have this length, so that nobody needs to look at more than the first line.
    Alike(usize),
    /// Each says its own: a page that counts its visitors grows.
    Varied,
}

#[derive(Debug)]
pub struct Awaited {
    /// How many answers there are whose length isn't known.
    unknown: usize,
    /// How many bytes are missing of those whose length is known.
    missing: usize,
    /// Of the next answer, as long as its length isn't known.
    head: Vec<u8>,
    begins: bool,
}

impl Awaited {
    pub fn new(answer: Answer, count: usize) -> Awaited {
        let (unknown, missing) = match answer {
            Answer::Alike(length) => (0, length * count),
            Answer::Varied => (count, 0),
        };
        Awaited { unknown, missing, head: Vec::new(), begins: true }
    }

    pub fn is_complete(&self) -> bool {
        self.unknown == 0 && self.missing == 0
    }

    /// These bytes have come. An answer that isn't a 200, and a byte more than was awaited, are
    /// errors.
    pub fn take(&mut self, bytes: &[u8]) -> io::Result<()> {
        let status = &bytes[..bytes.len().min(SUCCESS.len())];
        if self.begins && !SUCCESS.starts_with(status) {
            let line = String::from_utf8_lossy(&bytes[..bytes.len().min(80)]);
            return Err(io::Error::other(format!("an answer isn't a 200: {line:?}")));
        }
        self.begins = false;
        let mut rest = bytes;
        loop {
            let count = rest.len().min(self.missing);
            self.missing -= count;
            rest = &rest[count..];
            if rest.is_empty() {
                return Ok(());
            }
            if self.unknown == 0 {
                return Err(io::Error::other("an answer is longer than the first was"));
            }
            let before = self.head.len();
            self.head.extend_from_slice(rest);
            let Some(length) = response::length(&self.head)? else { return Ok(()) };
            self.head.clear();
            self.unknown -= 1;
            self.missing = length - before;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ONE: &str = "HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nx";
    const THREE: &str = "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nxyz";

    #[test]
    fn answers_of_any_length_are_counted_however_they_are_cut() {
        let answers = [ONE, THREE, ONE].concat().into_bytes();
        for at in 0..answers.len() {
            let mut awaited = Awaited::new(Answer::Varied, 3);
            awaited.take(&answers[..at]).unwrap();
            assert!(!awaited.is_complete(), "cut at {at}");
            awaited.take(&answers[at..]).unwrap();
            assert!(awaited.is_complete(), "cut at {at}");
            assert!(awaited.take(b"H").is_err());
        }
        let mut awaited = Awaited::new(Answer::Varied, 3);
        for byte in &answers {
            assert!(!awaited.is_complete());
            awaited.take(&[*byte]).unwrap();
        }
        assert!(awaited.is_complete());
    }

    #[test]
    fn what_is_no_200_with_a_length_is_an_error() {
        for wrong in ["HTTP/1.1 404 Not Found\r\n\r\n", "HTTP/1.1 200 OK\r\n\r\n"] {
            let mut awaited = Awaited::new(Answer::Varied, 2);
            assert!(awaited.take([ONE, wrong].concat().as_bytes()).is_err(), "{wrong}");
        }
        let mut awaited = Awaited::new(Answer::Alike(ONE.len()), 2);
        assert!(awaited.take(b"HTTP/1.1 503 ").is_err());
    }
}
