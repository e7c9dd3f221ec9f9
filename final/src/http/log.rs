//! The hook between HTTP and a log of what it answers.

use crate::buffers::Output;
use crate::peers::Peer;

use super::response::Response;

/// What is told of every request that gets a response.
///
/// `()` does nothing and costs nothing. An `Option` is for a program that learns only when it runs
/// whether it has a log: then all the same code serves both, and without one it asks twice a request.
pub trait Log {
    /// What it remembers of one connection.
    type Trail;

    /// A client has connected.
    fn open(&mut self, peer: Peer) -> Self::Trail;

    /// A request has its response, which waits to be sent. Only a log makes the `answer`.
    fn answered<'a>(
        &mut self,
        trail: &mut Self::Trail,
        answer: impl FnOnce() -> Answer<'a>,
    );

    /// All responses of this connection so far are sent.
    fn sent(&mut self, trail: &mut Self::Trail);

    /// The connection ends, and so many bytes of its responses aren't sent.
    fn close(&mut self, trail: Self::Trail, unsent: u64);

    /// How many bytes this trail takes, beside its own.
    fn held(&self, trail: &Self::Trail) -> usize;

    /// Time has passed: whatever is finished may be written.
    fn flush(&mut self);
}

/// A request and its response.
pub struct Answer<'a> {
    /// The request's head, or as much of it as has arrived, if it is refused. More may follow.
    pub head: &'a [u8],
    /// The response.
    pub response: &'a Response,
    /// Whether the response's body is sent, if it has one.
    pub with_body: bool,
    /// The line with the date, as in `Date: Sun, 06 Nov 1994 08:49:37 GMT`.
    pub date: &'a str,
    /// What waits to be sent on this connection. The response is the last in it.
    pub output: &'a Output,
}

impl Answer<'_> {
    /// How many bytes the response's body has that are sent if all goes well.
    pub fn body_length(&self) -> u64 {
        let is_sent = self.with_body && self.response.status.has_body();
        if is_sent { self.response.body.length() } else { 0 }
    }
}

impl Log for () {
    type Trail = ();

    fn open(&mut self, _: Peer) {}

    fn answered<'a>(&mut self, (): &mut (), _: impl FnOnce() -> Answer<'a>) {}

    fn sent(&mut self, (): &mut ()) {}

    fn close(&mut self, (): (), _: u64) {}

    fn held(&self, (): &()) -> usize {
        0
    }

    fn flush(&mut self) {}
}

impl<L: Log> Log for Option<L> {
    type Trail = Option<L::Trail>;

    fn open(&mut self, peer: Peer) -> Self::Trail {
        self.as_mut().map(|log| log.open(peer))
    }

    fn answered<'a>(
        &mut self,
        trail: &mut Self::Trail,
        answer: impl FnOnce() -> Answer<'a>,
    ) {
        if let Some(log) = self
            && let Some(trail) = trail
        {
            log.answered(trail, answer);
        }
    }

    fn sent(&mut self, trail: &mut Self::Trail) {
        if let Some(log) = self
            && let Some(trail) = trail
        {
            log.sent(trail);
        }
    }

    fn close(&mut self, trail: Self::Trail, unsent: u64) {
        if let Some(log) = self
            && let Some(trail) = trail
        {
            log.close(trail, unsent);
        }
    }

    fn held(&self, trail: &Self::Trail) -> usize {
        match (self, trail) {
            (Some(log), Some(trail)) => log.held(trail),
            _ => 0,
        }
    }

    fn flush(&mut self) {
        if let Some(log) = self {
            log.flush();
        }
    }
}
