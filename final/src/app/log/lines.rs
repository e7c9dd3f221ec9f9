//! The lines of one connection whose responses aren't sent yet.

use std::ops::Range;

use super::BATCH;
use super::line;
use crate::http::Answer;
use crate::peers::Peer;

/// Lines that wait until it is known how much of their responses is sent.
#[derive(Default)]
pub struct Lines {
    /// All of them, as they are if everything is sent.
    text: Vec<u8>,
    lines: Vec<Line>,
    /// How many bytes the connection has sent since these lines began.
    sent: u64,
}

struct Line {
    /// Where in the text the number of the body's bytes is.
    number: Range<usize>,
    /// That number.
    body: u64,
    /// How many bytes the connection has sent once the response is sent.
    end: u64,
}

impl Lines {
    /// One more. Its response is the last in the output.
    pub fn add(&mut self, client: Peer, answer: &Answer) {
        let body = answer.body_length();
        let number = line::write(&mut self.text, client, answer, body);
        let end = self.sent + answer.output.length();
        self.lines.push(Line { number, body, end });
    }

    /// So many bytes are sent. Says whether all responses are.
    pub fn sent(&mut self, count: usize) -> bool {
        self.sent += count as u64;
        self.lines.last().is_none_or(|line| line.end <= self.sent)
    }

    /// Appends the lines to `log`. A response that isn't sent whole has as many bytes as are sent.
    pub fn write(&self, log: &mut Vec<u8>) {
        let mut copied = 0;
        for line in self.lines.iter().filter(|line| line.end > self.sent) {
            log.extend_from_slice(&self.text[copied..line.number.start]);
            let missing = line.end - self.sent;
            line::push_number(log, line.body.saturating_sub(missing));
            copied = line.number.end;
        }
        log.extend_from_slice(&self.text[copied..]);
    }

    /// Makes it empty, and says whether its memory is worth keeping.
    pub fn clear(&mut self) -> bool {
        self.text.clear();
        self.lines.clear();
        self.sent = 0;
        self.capacity() <= BATCH
    }

    /// How many bytes it takes.
    pub fn capacity(&self) -> usize {
        self.text.capacity() + self.lines.capacity() * size_of::<Line>()
    }
}
