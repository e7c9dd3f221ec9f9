//! The verbs of a client that expect: what doesn't come as it should is a failure.

use std::time::Duration;

use super::Client;
use super::inbox::Heard;
use crate::evidence::failure::{Attempt, Failure, Kind};
use crate::evidence::text::shown;

/// How long nothing must come to be called silence.
const SILENCE: Duration = Duration::from_millis(300);

impl Client {
    /// Exactly these bytes, in however many pieces. More may follow.
    pub fn expect(&mut self, expected: impl AsRef<[u8]>) -> Attempt {
        let expected = expected.as_ref();
        self.receive(expected)?;
        self.note(format!("← {}", shown(expected)));
        Ok(())
    }

    /// The server closes, and nothing comes before.
    pub fn expect_end(&mut self) -> Attempt {
        if self.inbox.unread().is_empty() {
            match self.hear(self.peer.patience) {
                Heard::End => {
                    self.note("← end");
                    return Ok(());
                }
                Heard::Silence => return Err(self.no_end()),
                Heard::Reset => return Err(self.failure(Kind::ResetAtEnd)),
                Heard::More => {}
            }
        }
        Err(self.extra_bytes())
    }

    /// The server closes, even with input still unread, and nothing comes before.
    pub fn expect_end_or_reset(&mut self) -> Attempt {
        if self.inbox.unread().is_empty() && self.hear(self.peer.patience) == Heard::Reset
        {
            self.note("← end");
            return Ok(());
        }
        self.expect_end()
    }

    /// Nothing comes for a while, neither bytes nor the end.
    pub fn expect_silence(&mut self) -> Attempt {
        match self.is_answered()? {
            false => Ok(()),
            true => Err(self.extra_bytes()),
        }
    }

    /// Whether something comes within a while, of which nothing is taken. It isn't the end.
    pub(crate) fn is_answered(&mut self) -> Attempt<bool> {
        if self.inbox.unread().is_empty() {
            match self.hear(SILENCE) {
                Heard::Silence => {
                    self.note("← nothing");
                    return Ok(false);
                }
                Heard::More => {}
                heard => return Err(self.unexpected(heard, b"")),
            }
        }
        Ok(true)
    }

    /// Any fact that is this client's to state.
    pub fn expect_fact(
        &self,
        what: &str,
        expected: impl ToString,
        received: impl ToString,
        holds: bool,
    ) -> Attempt {
        match holds {
            true => Ok(()),
            false => Err(Failure::fact(what, expected, received).of(&self.name)),
        }
    }

    fn extra_bytes(&mut self) -> Box<Failure> {
        let received = self.inbox.take_all();
        self.failure(Kind::ExtraBytes { received })
    }
}
