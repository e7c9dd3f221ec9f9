//! The hook between HTTP and a log of what it answers.

use crate::buffers::Output;
use crate::peers::Peer;

use super::response::Response;

/// What is told of every request that gets a response.
///
/// It costs nothing where there is no log: `()` is one, and does nothing.
pub trait Log {
    /// What it remembers of one connection.
    type Trail;

    /// A client has connected.
    fn open(&mut self, peer: Peer) -> Self::Trail;

    /// A request has its response, which waits to be sent.
    fn answered(&mut self, trail: &mut Self::Trail, answer: &Answer);

    /// So many bytes of all that waits on this connection are sent.
    fn sent(&mut self, trail: &mut Self::Trail, count: usize);

    /// The connection ends. What isn't sent by now never will be.
    fn close(&mut self, trail: Self::Trail);

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

    fn answered(&mut self, (): &mut (), _: &Answer) {}

    fn sent(&mut self, (): &mut (), _: usize) {}

    fn close(&mut self, (): ()) {}

    fn held(&self, (): &()) -> usize {
        0
    }

    fn flush(&mut self) {}
}
