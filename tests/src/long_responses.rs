//! Responses too large to be kept, and ones that break off.

use std::mem::MaybeUninit;

use rustix::io::Errno;
use rustix::net::{RecvFlags, recv};

use crate::check::Attempt;
use crate::client::{Client, Heard};
use crate::failure::Failure;
use crate::patience::Wait;

impl Client {
    /// Everything that still comes, up to the end or a reset.
    pub fn read_until_it_ends(&mut self) -> Attempt<Vec<u8>> {
        let mut all = self.inbox.take_all();
        loop {
            match self.hear(self.patience) {
                Heard::More => all.append(&mut self.inbox.take_all()),
                Heard::End | Heard::Reset => return Ok(all),
                Heard::Silence => return Err(self.unexpected(Heard::Silence, b"")),
            }
        }
    }

    /// Waits for the first bytes of a response.
    pub fn until_answered(&mut self) -> Attempt {
        if self.inbox.unread().is_empty() {
            match self.hear(self.patience) {
                Heard::More => {}
                heard => return Err(self.unexpected(heard, b"HTTP/1.1 ")),
            }
        }
        Ok(())
    }

    /// Passes over the rest of a head; says how long the body is.
    pub fn skip_head(&mut self) -> Attempt<u64> {
        let mut length = None;
        loop {
            let line = self.receive_line()?;
            let (name, value) = line.trim_end().split_once(':').unwrap_or_default();
            if name.eq_ignore_ascii_case("content-length") {
                length = value.trim().parse().ok();
            }
            if line == "\r\n" {
                let what = "the field Content-Length";
                return length.ok_or_else(|| Failure::fact(what, "a number", "none"));
            }
        }
    }

    /// Whether anything has come that it hasn't looked at, the end included.
    pub fn has_heard(&self) -> bool {
        let mut byte = [MaybeUninit::<u8>::uninit(); 1];
        let flags = RecvFlags::PEEK | RecvFlags::DONTWAIT;
        let waits = recv(&self.socket, &mut byte, flags).is_err();
        !waits || !self.inbox.unread().is_empty()
    }

    /// Passes over what has come, and says how much it was. The kernel throws it away, see
    /// tcp(7) on `MSG_TRUNC`: no other reader is as fast.
    pub fn skim(&mut self) -> Attempt<u64> {
        const MOST: usize = 1 << 20;
        let some = self.inbox.unread().len();
        if some > 0 {
            self.inbox.skip(some);
            return Ok(some as u64);
        }
        let mut nothing = Box::<[u8]>::new_uninit_slice(MOST);
        let (mut wait, mut time) = (Wait::new(self.server, self.patience), self.patience);
        loop {
            let _ = self.socket.set_read_timeout(Some(time));
            return match recv(&self.socket, &mut nothing[..], RecvFlags::TRUNC) {
                Ok((_, 0)) => Err(self.unexpected(Heard::End, b"more of the body")),
                Ok((_, count)) => Ok(count as u64),
                Err(Errno::AGAIN) if !wait.is_over() => {
                    time = Wait::GLANCE;
                    continue;
                }
                Err(_) => Err(self.unexpected(Heard::Silence, b"more of the body")),
            };
        }
    }

    /// Passes over some bytes of a body, and says how many.
    pub fn skip_some(&mut self, most: u64) -> Attempt<u64> {
        if self.inbox.unread().is_empty() {
            match self.hear(self.patience) {
                Heard::More => {}
                heard => return Err(self.unexpected(heard, b"more of the body")),
            }
        }
        let some =
            self.inbox.unread().len().min(usize::try_from(most).unwrap_or(usize::MAX));
        self.inbox.skip(some);
        Ok(some as u64)
    }
}
