//! The verbs of a client that send, and what has become of that at the server.

use std::thread;
use std::time::Duration;

use super::writing::{write_patiently, write_within};
use super::{Client, Peer, WAKEFUL};
use crate::evidence::failure::{Attempt, Failure};
use crate::evidence::text::{amount, shown};
use crate::system::patience::Pause;
use crate::system::sockets::{self, Unread};

/// A server that takes nothing for this long, and sleeps, has stopped reading.
const REFUSAL: Duration = Duration::from_millis(300);

impl Client {
    /// Sends all of it. A server that has closed doesn't fail this: what comes next shows it.
    pub fn send(&mut self, bytes: impl AsRef<[u8]>) -> Attempt {
        let bytes = bytes.as_ref();
        self.note(format!("→ {}", shown(bytes)));
        self.send_unnoted(bytes)
    }

    pub(crate) fn send_unnoted(&mut self, bytes: &[u8]) -> Attempt {
        self.says(|said| said.sent(bytes));
        let Peer { process, patience, .. } = self.peer;
        let taken = write_patiently(&self.socket, bytes, process, patience);
        match taken {
            Ok(taken) if taken < bytes.len() => Err(self.not_taken(bytes.len(), taken)),
            _ => Ok(()),
        }
    }

    /// Sends all of it, and the server must not break the connection meanwhile.
    pub fn send_whole(&mut self, bytes: &[u8]) -> Attempt {
        self.note(format!("→ {}", shown(bytes)));
        match self.goes(bytes)? {
            true => Ok(()),
            false => {
                let taken = format!("it takes {}", amount(bytes.len()));
                Err(Failure::fact(ALL_IS_READ, taken, "a reset").of(&self.name))
            }
        }
    }

    /// Sends a little, without a word in the transcript. Whether the connection still takes it.
    pub fn goes(&mut self, bytes: &[u8]) -> Attempt<bool> {
        self.says(|said| said.sent(bytes));
        let Peer { process, patience, .. } = self.peer;
        match write_patiently(&self.socket, bytes, process, patience) {
            Ok(taken) if taken < bytes.len() => Err(self.not_taken(bytes.len(), taken)),
            taken => Ok(taken.is_ok()),
        }
    }

    /// One byte at a time, each a segment of its own.
    pub fn drip(&mut self, bytes: impl AsRef<[u8]>) -> Attempt {
        let bytes = bytes.as_ref();
        self.note(format!("→ {}, one byte at a time", shown(bytes)));
        for byte in bytes {
            self.send_unnoted(&[*byte])?;
            // A pace, so that the server reads it in as many pieces.
            thread::sleep(Duration::from_millis(1));
        }
        Ok(())
    }

    /// Sends for as long as the server takes any; gives back how much it took.
    pub fn send_until_refused(&mut self, bytes: &[u8]) -> usize {
        let (mut taken, mut refusals) = (0, 0);
        while taken < bytes.len() && refusals < WAKEFUL {
            let more = write_within(&self.socket, &bytes[taken..], REFUSAL);
            taken += more.unwrap_or_else(|more| more);
            match more {
                Err(_) => break,
                Ok(1..) => refusals = 0,
                Ok(0) if self.peer.process.sleeps() && self.is_left_unread() => break,
                Ok(0) => refusals += 1,
            }
        }
        // By hand the buffers are larger, and take more.
        self.says(|said| said.sent(bytes));
        taken
    }

    /// Whether something has arrived at the server that it doesn't read.
    fn is_left_unread(&self) -> bool {
        self.unread().is_none_or(|unread| unread.arrived > 0)
    }

    /// What it sent and the server hasn't read.
    pub(super) fn unread(&self) -> Option<Unread> {
        let (own, peer) = (self.socket.local_addr().ok()?, self.socket.peer_addr().ok()?);
        sockets::unread_between(own, peer)
    }

    /// Waits until the server has read all that was sent.
    pub fn until_read(&self) -> Attempt {
        let (mut wait, mut pause) = (self.wait(), Pause::new());
        while let Some(unread) = self.unread()
            && unread.total() > 0
        {
            if wait.is_over() {
                let left = format!("{} are", amount(unread.total()));
                let failure = Failure::fact(ALL_IS_READ, "nothing is left", left);
                return Err(failure.of(&self.name));
            }
            pause.sleep();
        }
        Ok(())
    }

    /// Waits until all that it sent, the end included, is with the server, read or not. If
    /// there is no room for it, that is as good.
    pub fn until_arrived(&self) {
        let (mut wait, mut pause) = (self.wait(), Pause::new());
        while self.unread().is_some_and(|unread| unread.on_the_way > 0) && !wait.is_over()
        {
            pause.sleep();
        }
    }

    pub(super) fn not_taken(&self, sent: usize, taken: usize) -> Box<Failure> {
        let [sent, taken] =
            [sent, taken].map(|bytes| format!("it takes {}", amount(bytes)));
        Failure::fact(ALL_IS_READ, sent, taken).of(&self.name)
    }
}

const ALL_IS_READ: &str = "the server reads what it is sent";
