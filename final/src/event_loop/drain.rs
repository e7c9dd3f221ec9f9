//! The end of an event loop: nobody is let in any more, and what has begun is finished.

use std::io;
use std::sync::OnceLock;
use std::time::{Duration, Instant};

use super::{Client, EventLoop};
use crate::buffers::Scratch;
use crate::poller::{Interest, Token};
use crate::protocol::Protocol;
use crate::timers::Timers;
use crate::waker::Waker;

/// How long a connection may be idle from now on, and how long it may linger.
///
/// Its next request is on its way, perhaps, and would be lost if the connection were closed at once. So
/// whoever asks more often than this is told in a response (`Connection: close`), and nothing is lost.
/// All others are told by the end of what we send, as by any server that lets an idle connection go
/// (RFC 9112, section 9.5).
const QUIET: Duration = Duration::from_secs(1);

/// How other threads tell an event loop that it should end.
pub struct Handle {
    /// The loop watches it.
    pub(super) waker: Waker,
    until: OnceLock<Instant>,
}

impl Handle {
    /// The errors are those of eventfd(2).
    pub fn new() -> io::Result<Handle> {
        Ok(Handle { waker: Waker::new()?, until: OnceLock::new() })
    }

    /// The loop stops listening, finishes what has begun, and ends once all clients are gone, or at
    /// `until`. Only the first call counts.
    pub fn drain(&self, until: Instant) {
        let _ = self.until.set(until);
        self.waker.wake();
    }
}

impl<P: Protocol> EventLoop<'_, P> {
    /// Another thread has woken us. Lets in those who wait already, and nobody else from now on.
    ///
    /// Another process may have the listeners, too, so that they stay open. Hence they are waited for
    /// no longer before they are let go.
    pub(super) fn woken(&mut self) {
        self.handle.waker.clear();
        let Some(&until) = self.handle.until.get() else {
            return;
        };
        if self.drain_until.replace(until).is_some() {
            return;
        }
        self.accept();
        self.is_resting = false;
        for listener in self.listeners.drain(..) {
            let _ = self.poller.set(&listener, Token::LISTENER, Interest::Nothing);
            self.poller.remove(&listener);
        }
        self.protocol.drain();
        self.timers = Timers::new(QUIET);
        for (key, _) in &self.clients {
            self.timers.set(key);
        }
    }

    pub(super) fn is_drained(&self, now: Instant) -> bool {
        let is_over = |until| self.clients.is_empty() || until <= now;
        self.drain_until.is_some_and(is_over)
    }

    /// Closes what is left.
    pub(super) fn end(&mut self) {
        while self.let_go(|_| true) {}
        self.protocol.tidy();
    }
}

impl<P: Protocol> Client<P> {
    /// It has been quiet for [`QUIET`] while the loop drains. Whether the connection goes on: what has
    /// begun may take until the loop ends.
    pub(super) fn quiet(&mut self, protocol: &mut P, scratch: &mut Scratch) -> bool {
        // A request may have come in this very moment.
        let is_there = !self.is_idle() || self.ready(protocol, scratch);
        if !is_there || !self.is_idle() {
            return is_there;
        }
        self.connection.finish();
        self.ready(protocol, scratch)
    }
}
