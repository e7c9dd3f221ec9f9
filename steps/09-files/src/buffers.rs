use std::collections::VecDeque;
use std::fmt::Arguments;
use std::fs::File;
use std::io::{self, ErrorKind, Write};
use std::ops::Range;
use std::os::fd::OwnedFd;
use std::rc::Rc;

use crate::sys;

const READ_SIZE: usize = 64 * 1024;
const WRITE_SIZE: usize = 64 * 1024;
pub const TURN: usize = 1024 * 1024;

pub struct Scratch {
    pub input: Vec<u8>,
    pub output: Output,
}

impl Default for Scratch {
    fn default() -> Scratch {
        Scratch { input: vec![0; READ_SIZE], output: Output::default() }
    }
}

#[derive(Default)]
pub struct Leftover {
    bytes: Vec<u8>,
}

impl Leftover {
    pub fn join<'a>(&'a mut self, received: &'a [u8]) -> &'a [u8] {
        if self.bytes.is_empty() {
            return received;
        }
        self.bytes.extend_from_slice(received);
        &self.bytes
    }

    pub fn keep(&mut self, received: &[u8], consumed: usize) {
        if self.bytes.is_empty() {
            self.bytes.extend_from_slice(&received[consumed..]);
        } else if consumed > 0 {
            self.bytes = self.bytes[consumed..].to_vec();
        }
    }
}

#[derive(Default)]
pub struct Output {
    bytes: Vec<u8>,
    sent: usize,
    files: VecDeque<Part>,
}

struct Part {
    place: usize,
    file: Rc<File>,
    range: Range<u64>,
}

impl Output {
    pub fn push(&mut self, bytes: &[u8]) {
        self.bytes.extend_from_slice(bytes);
    }

    pub fn print(&mut self, text: Arguments) {
        self.bytes.write_fmt(text).expect("a Vec takes every byte");
    }

    pub fn push_file(&mut self, file: &Rc<File>, range: Range<u64>) {
        let (place, file) = (self.bytes.len(), Rc::clone(file));
        self.files.push_back(Part { place, file, range });
    }

    pub fn unsent(&self) -> &[u8] {
        &self.bytes[self.sent..]
    }

    pub fn is_empty(&self) -> bool {
        self.unsent().is_empty() && self.files.is_empty()
    }

    pub fn is_full(&self) -> bool {
        self.unsent().len() >= WRITE_SIZE || !self.files.is_empty()
    }

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
