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
}

struct Line {
    /// Where in the text the number of the body's bytes is.
    number: Range<usize>,
    /// That number.
    body: u64,
    /// How many bytes are before the end of this response, from the first that waits.
    end: u64,
}

impl Lines {
    /// One more. Its response is the last in the output, of which nothing has been sent since the first
    /// line.
    pub fn add(&mut self, client: Peer, stamp: &[u8], answer: &Answer) {
        let body = answer.body_length();
        let number = line::write(&mut self.text, client, stamp, answer, body);
        self.lines.push(Line { number, body, end: answer.output.length() });
    }

    /// Appends the lines to `log`. So many bytes are `unsent`, the last ones, and a response that isn't
    /// sent whole has as many bytes as are sent of its body.
    pub fn write(&self, unsent: u64, log: &mut Vec<u8>) {
        let all = self.lines.last().map_or(0, |line| line.end);
        let sent = all.saturating_sub(unsent);
        let mut copied = 0;
        for line in self.lines.iter().filter(|line| line.end > sent) {
            log.extend_from_slice(&self.text[copied..line.number.start]);
            line::push_number(log, line.body.saturating_sub(line.end - sent));
            copied = line.number.end;
        }
        log.extend_from_slice(&self.text[copied..]);
    }

    /// Makes it empty, and says whether its memory is worth keeping.
    pub fn clear(&mut self) -> bool {
        self.text.clear();
        self.lines.clear();
        self.capacity() <= BATCH
    }

    /// How many bytes it takes.
    pub fn capacity(&self) -> usize {
        self.text.capacity() + self.lines.capacity() * size_of::<Line>()
    }
}
