use std::collections::VecDeque;
use std::fs::File;
use std::ops::Range;
use std::rc::Rc;
use std::sync::Arc;

const READ_SIZE: usize = 64 * 1024;
const WRITE_SIZE: usize = 64 * 1024;
const COPY_SIZE: u64 = 16 * 1024;
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
    parts: VecDeque<Part>,
}

struct Part {
    place: usize,
    content: Content,
    range: Range<u64>,
}

enum Content {
    Shared(Arc<[u8]>),
    File(Rc<File>),
}

pub enum Front<'a> {
    Bytes { bytes: &'a [u8], more: bool },
    File { file: &'a File, range: Range<u64> },
}

impl Output {
    pub fn push(&mut self, bytes: &[u8]) {
        self.bytes.extend_from_slice(bytes);
    }

    pub fn push_shared(&mut self, content: &Arc<[u8]>, range: Range<u64>) {
        if range.end - range.start <= COPY_SIZE {
            return self.push(&content[range.start as usize..range.end as usize]);
        }
        self.push_part(Content::Shared(Arc::clone(content)), range);
    }

    pub fn push_file(&mut self, file: &Rc<File>, range: Range<u64>) {
        self.push_part(Content::File(Rc::clone(file)), range);
    }

    fn push_part(&mut self, content: Content, range: Range<u64>) {
        if !range.is_empty() {
            self.parts.push_back(Part { place: self.bytes.len(), content, range });
        }
    }

    pub fn front(&self) -> Front<'_> {
        match self.parts.front() {
            Some(part) if part.place == self.sent => part.front(),
            Some(part) => {
                Front::Bytes { bytes: &self.bytes[self.sent..part.place], more: true }
            }
            None => Front::Bytes { bytes: self.unsent(), more: false },
        }
    }

    pub fn is_empty(&self) -> bool {
        self.unsent().is_empty() && self.parts.is_empty()
    }

    pub fn is_full(&self) -> bool {
        self.unsent().len() >= WRITE_SIZE || !self.parts.is_empty()
    }

    pub fn advance(&mut self, count: usize) {
        match self.parts.front_mut() {
            Some(part) if part.place == self.sent => {
                part.range.start += count as u64;
                if part.range.is_empty() {
                    self.parts.pop_front();
                }
            }
            _ => self.sent += count,
        }
        if self.is_empty() {
            self.bytes.clear();
            self.sent = 0;
        }
    }

    fn unsent(&self) -> &[u8] {
        &self.bytes[self.sent..]
    }
}

impl Part {
    fn front(&self) -> Front<'_> {
        let range = self.range.clone();
        match &self.content {
            Content::Shared(bytes) => {
                let bytes = &bytes[range.start as usize..range.end as usize];
                Front::Bytes { bytes, more: false }
            }
            Content::File(file) => Front::File { file, range },
        }
    }
}
