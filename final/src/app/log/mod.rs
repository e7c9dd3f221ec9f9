//! The access log: one line for each request, once its response is over.

mod line;
mod lines;
#[cfg(test)]
mod tests;
mod writer;

use line::Stamp;
use lines::Lines;
pub use writer::{Sink, Writer};

use crate::http::{Answer, Log};
use crate::peers::{Peer, Proxies};

/// How many bytes of lines are enough to hand them on within a cycle of the event loop.
const BATCH: usize = 64 * 1024;

/// Writes a line in the combined log format for each request that gets a response.
///
/// A line is written when its response is sent, or when the connection ends, and says how many bytes
/// of the body were sent by then: to the kernel, which may have some of them still.
pub struct AccessLog {
    proxies: Proxies,
    writer: Writer,
    /// Lines that are complete, until the end of a cycle.
    batch: Vec<u8>,
    /// Empty, with its memory, for the next connection that needs it.
    spare: Option<Box<Lines>>,
    stamp: Stamp,
}

/// What the log remembers of one connection.
pub struct Trail {
    peer: Peer,
    /// What isn't in the log yet, as it isn't sent. Mostly nothing waits.
    lines: Option<Box<Lines>>,
}

impl AccessLog {
    /// A log by this writer. These proxies' word counts on who a client is.
    pub fn new(writer: Writer, proxies: Proxies) -> AccessLog {
        let (batch, spare, stamp) = (Vec::new(), None, Stamp::default());
        AccessLog { proxies, writer, batch, spare, stamp }
    }

    #[inline(never)]
    fn add(&mut self, trail: &mut Trail, answer: &Answer) {
        let client = match self.proxies.trust(trail.peer) {
            true => self.proxies.client(trail.peer, line::forwarded(answer.head)),
            false => trail.peer,
        };
        let spare = &mut self.spare;
        let lines = trail.lines.get_or_insert_with(|| spare.take().unwrap_or_default());
        lines.add(client, self.stamp.of(answer.date), answer);
    }

    fn finish(&mut self, mut lines: Box<Lines>, unsent: u64) {
        lines.write(unsent, &mut self.batch);
        if lines.clear() {
            self.spare = Some(lines);
        }
        if self.batch.len() >= BATCH {
            self.flush();
        }
    }
}

/// What isn't inlined leaves the path of a request short for a server without a log.
impl Log for AccessLog {
    // A server without a log has connections that are smaller for it.
    type Trail = Box<Trail>;

    fn open(&mut self, peer: Peer) -> Box<Trail> {
        Box::new(Trail { peer, lines: None })
    }

    fn answered<'a>(
        &mut self,
        trail: &mut Box<Trail>,
        answer: impl FnOnce() -> Answer<'a>,
    ) {
        self.add(trail, &answer());
    }

    #[inline(never)]
    fn sent(&mut self, trail: &mut Box<Trail>) {
        if let Some(lines) = trail.lines.take() {
            self.finish(lines, 0);
        }
    }

    fn close(&mut self, trail: Box<Trail>, unsent: u64) {
        if let Some(lines) = trail.lines {
            self.finish(lines, unsent);
        }
    }

    fn held(&self, trail: &Box<Trail>) -> usize {
        trail.lines.as_ref().map_or(0, |lines| lines.capacity())
    }

    fn flush(&mut self) {
        if !self.batch.is_empty() {
            self.writer.offer(&self.batch);
            self.batch.clear();
        }
    }
}
