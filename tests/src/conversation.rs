//! The verbs of a client that receive.

use std::time::Duration;

use crate::check::Attempt;
use crate::client::{Client, Heard};
use crate::failure::{Failure, Kind, parting};
use crate::transcript::{amount, shown};

/// How long nothing must come to be called silence.
const SILENCE: Duration = Duration::from_millis(300);
/// How far `exchange` sends ahead of what came back: less than any socket's buffer holds.
const AHEAD: usize = 32 * 1024;

impl Client {
    /// Exactly these bytes, in however many pieces. More may follow.
    pub fn expect(&mut self, expected: impl AsRef<[u8]>) -> Attempt {
        let expected = expected.as_ref();
        self.receive(expected)?;
        self.note(format!("← {}", shown(expected)));
        Ok(())
    }

    /// [`Client::expect`] without a word in the transcript.
    pub(crate) fn receive(&mut self, expected: &[u8]) -> Attempt {
        let mut matched = 0;
        loop {
            let received = self.inbox.unread();
            let upto = received.len().min(expected.len());
            if received[matched..upto] != expected[matched..upto] {
                return Err(self.unexpected(Heard::More, expected));
            }
            matched = upto;
            if matched == expected.len() {
                self.inbox.skip(matched);
                return Ok(());
            }
            match self.hear(self.patience) {
                Heard::More => {}
                heard => return Err(self.unexpected(heard, expected)),
            }
        }
    }

    /// The server closes, and nothing comes before.
    pub fn expect_end(&mut self) -> Attempt {
        if self.inbox.unread().is_empty() {
            match self.hear(self.patience) {
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
        if self.inbox.unread().is_empty() && self.hear(self.patience) == Heard::Reset {
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

    /// Sends while it receives, never far ahead, so that no buffer between the two fills up.
    pub fn exchange(&mut self, sent: &[u8], expected: &[u8]) -> Attempt {
        self.note(format!("→ {}", amount(sent.len())));
        let (mut at, mut back) = (0, 0);
        while at < sent.len() || back < expected.len() {
            let ahead = sent.len().min(back.max(AHEAD / 2) + AHEAD / 2);
            if at < ahead {
                self.send_unnoted(&sent[at..ahead])?;
                at = ahead;
            }
            let next = expected.len().min(back + AHEAD / 4);
            self.receive(&expected[back..next])?;
            back = next;
        }
        match sent == expected {
            true => self.note(format!("← the same {}, in order", amount(sent.len()))),
            false => self.note(format!("← {}, as expected", amount(expected.len()))),
        }
        Ok(())
    }

    /// Everything that still comes, up to the end.
    pub fn read_to_end(&mut self) -> Attempt<Vec<u8>> {
        let mut all = Vec::new();
        loop {
            match self.hear(self.patience) {
                Heard::More => all.append(&mut self.inbox.take_all()),
                Heard::End => {
                    all.append(&mut self.inbox.take_all());
                    return Ok(all);
                }
                Heard::Silence => return Err(self.no_end()),
                Heard::Reset => return Err(self.failure(Kind::ResetAtEnd)),
            }
        }
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

    pub(crate) fn failure(&self, kind: Kind) -> Box<Failure> {
        Failure::new(kind).of(&self.name)
    }

    fn no_end(&self) -> Box<Failure> {
        self.failure(Kind::NoEnd { waited: self.patience })
    }

    fn extra_bytes(&mut self) -> Box<Failure> {
        let received = self.inbox.take_all();
        self.failure(Kind::ExtraBytes { received })
    }

    /// What came instead of the expected bytes; of much, the part around the difference.
    pub(crate) fn unexpected(&mut self, heard: Heard, expected: &[u8]) -> Box<Failure> {
        let received = self.inbox.take_all();
        let at = parting(expected, &received).saturating_sub(1024);
        let expected = expected[at..].iter().copied().take(4096).collect();
        let received = received[at..].iter().copied().take(4096).collect();
        self.failure(match heard {
            Heard::More => Kind::Different { expected, received },
            Heard::End => Kind::ClosedEarly { expected, received },
            Heard::Reset => Kind::Reset { expected, received },
            Heard::Silence => Kind::Silence { expected, received, waited: self.patience },
        })
    }
}
