//! Waking an event loop that waits, from another thread.

use std::io;
use std::os::fd::OwnedFd;

use crate::sys;

/// A descriptor that becomes readable when somebody wakes: eventfd(2).
pub struct Waker(OwnedFd);

impl Waker {
    /// The errors are those of eventfd(2).
    pub fn new() -> io::Result<Waker> {
        Ok(Waker(sys::event()?))
    }

    /// What to watch.
    pub fn event(&self) -> &OwnedFd {
        &self.0
    }

    /// Makes it readable. That can only fail where it is readable already.
    pub fn wake(&self) {
        let _ = sys::write(&self.0, &1_u64.to_ne_bytes());
    }

    /// Makes it wait for the next [`Waker::wake`].
    pub fn clear(&self) {
        let _ = sys::read(&self.0, &mut [0; 8]);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::poller::{Interest, Kind, Token};

    #[test]
    fn many_calls_wake_once() {
        for kind in [Kind::Poll, Kind::Epoll] {
            let (waker, mut poller) = (Waker::new().unwrap(), kind.open().unwrap());
            poller.add(waker.event(), Token::WAKER, Interest::Read).unwrap();
            (0..3).for_each(|_| waker.wake());
            let mut ready = Vec::new();
            poller.wait(None, &mut ready).unwrap();
            assert_eq!(ready, [Token::WAKER]);
            waker.clear();
            ready.clear();
            poller.wait(Some(std::time::Duration::ZERO), &mut ready).unwrap();
            assert_eq!(ready, []);
        }
    }
}
