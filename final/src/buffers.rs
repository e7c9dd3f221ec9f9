//! Bytes that wait: to be handled, or to be sent.

use std::collections::VecDeque;
use std::fs::File;
use std::ops::Range;
use std::sync::Arc;

/// How many bytes one read takes at most.
const READ_SIZE: usize = 64 * 1024;
/// How many bytes of output are enough to stop handling input.
const WRITE_SIZE: usize = 64 * 1024;
/// Up to how many bytes shared content is copied, so that it leaves in one write with its head.
const COPY_SIZE: u64 = 16 * 1024;
/// How many bytes a connection sends, about, until it is the others' turn.
pub const TURN: usize = 1024 * 1024;
/// How many bytes have to move, in or out, for a new deadline.
pub const QUOTA: u32 = 16 * 1024;

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
    /// How many bytes it takes.
    pub fn capacity(&self) -> usize {
        self.bytes.capacity()
    }

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

/// What a connection has to say: bytes, with shared content and parts of files between them.
#[derive(Default)]
pub struct Output {
    bytes: Vec<u8>,
    sent: usize,
    parts: VecDeque<Part>,
}

/// Content that isn't copied, and isn't sent yet.
struct Part {
    /// How many of the bytes are before it.
    place: usize,
    content: Content,
    /// Which bytes of the content are still to be sent.
    range: Range<u64>,
}

/// Who else has it doesn't matter: it stays as long as it is needed here.
enum Content {
    Shared(Arc<[u8]>),
    File(Arc<File>),
}

/// What is to be sent next.
pub enum Front<'a> {
    /// These bytes. If there is `more`, it follows at once.
    Bytes { bytes: &'a [u8], more: bool },
    /// These bytes of a file, of which there are some.
    File { file: &'a File, range: Range<u64> },
}

impl Output {
    /// Appends bytes.
    pub fn push(&mut self, bytes: &[u8]) {
        self.bytes.extend_from_slice(bytes);
    }

    /// Appends a part of what others have too. Only a short one is copied. The output counts as
    /// full until a longer one is sent.
    pub fn push_shared(&mut self, content: &Arc<[u8]>, range: Range<u64>) {
        if range.end - range.start <= COPY_SIZE {
            return self.push(&content[range.start as usize..range.end as usize]);
        }
        self.push_part(Content::Shared(Arc::clone(content)), range);
    }

    /// Appends a part of a file. The kernel sends it from the file: no byte of it comes here. The
    /// output counts as full until it is sent.
    pub fn push_file(&mut self, file: &Arc<File>, range: Range<u64>) {
        self.push_part(Content::File(Arc::clone(file)), range);
    }

    fn push_part(&mut self, content: Content, range: Range<u64>) {
        if !range.is_empty() {
            self.parts.push_back(Part { place: self.bytes.len(), content, range });
        }
    }

    /// What is to be sent next; no bytes if nothing is left.
    pub fn front(&self) -> Front<'_> {
        match self.parts.front() {
            Some(part) if part.place == self.sent => part.front(),
            Some(part) => {
                Front::Bytes { bytes: &self.bytes[self.sent..part.place], more: true }
            }
            None => Front::Bytes { bytes: self.unsent(), more: false },
        }
    }

    /// How many bytes it takes, without what others have, too.
    pub fn capacity(&self) -> usize {
        self.bytes.capacity()
    }

    /// How many bytes are left to send.
    pub fn length(&self) -> u64 {
        let parts = self.parts.iter().map(|part| part.range.end - part.range.start);
        self.unsent().len() as u64 + parts.sum::<u64>()
    }

    /// Whether nothing is left to send.
    pub fn is_empty(&self) -> bool {
        self.unsent().is_empty() && self.parts.is_empty()
    }

    /// Whether no more input should be handled before this is sent.
    pub fn is_full(&self) -> bool {
        self.unsent().len() >= WRITE_SIZE || !self.parts.is_empty()
    }

    /// So many bytes of [`Output::front`] are sent.
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

#[cfg(test)]
mod tests {
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

    /// What the output wants to be sent, in words, when each piece is sent up to `most` bytes.
    fn sent(mut output: Output, most: usize) -> Vec<String> {
        let mut sent = Vec::new();
        while !output.is_empty() {
            let (count, text) = match output.front() {
                Front::Bytes { bytes, more } => {
                    let bytes = &bytes[..bytes.len().min(most)];
                    let more = if more { "…" } else { "" };
                    (bytes.len(), String::from_utf8_lossy(bytes).into_owned() + more)
                }
                Front::File { range, .. } => {
                    let count = (range.end - range.start).min(most as u64);
                    (count as usize, format!("{}..{}", range.start, range.start + count))
                }
            };
            output.advance(count);
            sent.push(text);
        }
        sent
    }

    #[test]
    fn bytes_and_files_leave_in_their_order() {
        let file = Arc::new(tempfile::tempfile().unwrap());
        let output = || {
            let mut output = Output::default();
            output.push(b"one");
            output.push_file(&file, 10..18);
            output.push_file(&file, 3..3);
            output.push_file(&file, 2..5);
            output.push(b"two");
            output
        };
        assert_eq!(sent(output(), 100), ["one…", "10..18", "2..5", "two"]);
        let pieces =
            ["on…", "e…", "10..12", "12..14", "14..16", "16..18", "2..4", "4..5"];
        assert_eq!(sent(output(), 2), [&pieces[..], &["tw", "o"]].concat());
    }

    /// A thousand readers of one paste cost its memory once.
    #[test]
    fn what_is_long_is_shared_and_what_is_short_is_copied() {
        let content: Arc<[u8]> = vec![b'x'; COPY_SIZE as usize + 1].into();
        let mut output = Output::default();
        output.push_shared(&content, 0..COPY_SIZE);
        assert_eq!((Arc::strong_count(&content), output.bytes.len()), (1, 16 * 1024));
        assert!(!output.is_full());
        output.push_shared(&content, 0..COPY_SIZE + 1);
        assert_eq!((Arc::strong_count(&content), output.bytes.len()), (2, 16 * 1024));
        assert!(output.is_full());
        assert_eq!(sent(output, usize::MAX).concat().len(), 32 * 1024 + 1 + "…".len());
        assert_eq!(Arc::strong_count(&content), 1);
    }
}
