use std::collections::VecDeque;
use std::sync::Arc;

const READ_SIZE: usize = 64 * 1024;
const WRITE_SIZE: usize = 64 * 1024;
const COPY_SIZE: usize = 16 * 1024;

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
    content: Arc<[u8]>,
    sent: usize,
}

impl Output {
    pub fn push(&mut self, bytes: &[u8]) {
        self.bytes.extend_from_slice(bytes);
    }

    pub fn push_shared(&mut self, content: &Arc<[u8]>) {
        if content.len() <= COPY_SIZE {
            return self.push(content);
        }
        let (place, content) = (self.bytes.len(), Arc::clone(content));
        self.parts.push_back(Part { place, content, sent: 0 });
    }

    pub fn front(&self) -> (&[u8], bool) {
        match self.parts.front() {
            Some(part) if part.place == self.sent => (&part.content[part.sent..], false),
            Some(part) => (&self.bytes[self.sent..part.place], true),
            None => (self.unsent(), false),
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
                part.sent += count;
                if part.sent == part.content.len() {
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
