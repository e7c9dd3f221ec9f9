//! Responses too large to be kept, and ones that break off.

use crate::check::Attempt;
use crate::client::{Client, Heard};
use crate::failure::Failure;

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
