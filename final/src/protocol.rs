//! The hook between the event loop and what it serves.

use std::time::Duration;

use crate::buffers::Output;
use crate::peers::Peer;

/// What a server says and understands, without a socket in sight.
///
/// `&mut self` is the global context: one for all connections. [`Protocol::Context`] is the
/// context of one connection. The event loop owns both and does all input and output.
pub trait Protocol {
    /// What the protocol remembers of one connection.
    type Context;

    /// A client has connected.
    fn open(&mut self, peer: Peer) -> Self::Context;

    /// Handles the bytes received and not yet consumed, and writes its answer to `output`.
    ///
    /// What it doesn't consume comes again, in front of what arrives next. The loop calls
    /// again with the rest until a call consumes nothing, so a call may handle one message;
    /// one that consumes nothing must not answer, unless it ends the connection.
    fn data(
        &mut self,
        context: &mut Self::Context,
        input: &[u8],
        output: &mut Output,
    ) -> Progress;

    /// The deadline of a message that has begun has passed. `input` is what has arrived of it and
    /// isn't consumed. The connection ends after what this writes.
    fn late(&mut self, context: &mut Self::Context, input: &[u8], output: &mut Output) {
        let _ = (context, input, output);
    }

    /// All output so far is sent.
    fn sent(&mut self, _: &mut Self::Context) {}

    /// The connection ends, and so many bytes of the output aren't sent.
    fn close(&mut self, _: Self::Context, _unsent: u64) {}

    /// How many bytes a context holds that only requests can make it hold.
    fn held(&self, _: &Self::Context) -> usize {
        0
    }

    /// The server is to end: whoever is answered from now on is told that nothing more will be.
    fn drain(&mut self) {}

    /// Lets go of all that takes a descriptor and can be had again; whether there was any.
    fn shed(&mut self) -> bool {
        false
    }

    /// Lets go of what is too old. The loop calls it before each wait, and waits no longer than it
    /// says; `None` is for ever.
    fn tidy(&mut self) -> Option<Duration> {
        None
    }
}

/// What [`Protocol::data`] did.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Progress {
    /// How many bytes of the input it is done with.
    pub consumed: usize,
    /// What comes after the output.
    pub next: Next,
}

/// What comes once the output is sent.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Next {
    /// Another message, if there is one: none has begun.
    Rest,
    /// More of a message that has begun, before any of it can be handled.
    Read,
    /// More of a message of which some has been handled.
    Body,
    /// The end of the connection, of which the peer may not know: it may still be sending.
    Linger,
    /// The end of the connection.
    End,
}
