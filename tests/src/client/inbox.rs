//! What came and wasn't looked at yet.

use std::fmt;

#[derive(Default)]
pub struct Inbox {
    bytes: Vec<u8>,
    start: usize,
}

/// What a wait for more ended with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Heard {
    More,
    End,
    Reset,
    Silence,
}

impl Inbox {
    pub fn unread(&self) -> &[u8] {
        &self.bytes[self.start..]
    }

    pub fn push(&mut self, bytes: &[u8]) {
        self.bytes.drain(..self.start);
        self.start = 0;
        self.bytes.extend(bytes);
    }

    pub fn take(&mut self, amount: usize) -> Vec<u8> {
        let taken = self.unread()[..amount].to_vec();
        self.start += amount;
        taken
    }

    pub fn skip(&mut self, amount: usize) {
        self.start += amount;
    }

    pub fn take_all(&mut self) -> Vec<u8> {
        self.take(self.unread().len())
    }
}

impl fmt::Display for Heard {
    fn fmt(&self, out: &mut fmt::Formatter) -> fmt::Result {
        out.write_str(match self {
            Heard::More => "more",
            Heard::End => "the end",
            Heard::Reset => "a reset",
            Heard::Silence => "nothing",
        })
    }
}
