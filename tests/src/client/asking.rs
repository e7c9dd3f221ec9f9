//! The verbs of a client that ask whatever the server understands.

use super::Client;
use super::dialect::{Dialect, LINE};
use crate::evidence::failure::{Attempt, Kind};

impl Client {
    /// A question, and its answer. Once only where a connection takes a single request.
    pub fn ask(&mut self) -> Attempt {
        self.question()?;
        self.answer()
    }

    pub fn question(&mut self) -> Attempt {
        self.asked += 1;
        self.send(self.peer.dialect.question())
    }

    /// The answer to the last question.
    pub fn answer(&mut self) -> Attempt {
        match self.peer.dialect {
            Dialect::Echo => self.expect(LINE),
            Dialect::Lines => self.counted_line(),
            Dialect::OneRequest => {
                self.status()?;
                self.expect_end()
            }
            Dialect::Requests => self.status(),
        }
    }

    /// What is still owed after the sending half was closed, and then the end.
    pub fn answer_and_end(&mut self) -> Attempt {
        self.answer()?;
        match self.peer.dialect {
            Dialect::OneRequest => Ok(()),
            _ => self.expect_end(),
        }
    }

    /// What else is in the response isn't the matter of a question.
    fn status(&mut self) -> Attempt {
        self.quiet_response("GET")?.expect_status(200)?;
        self.note("← HTTP/1.1 200 OK …");
        Ok(())
    }

    fn counted_line(&mut self) -> Attempt {
        let start = self.counted("hello", self.asked)?;
        self.note(format!("← \"{start}… in all)\\n\""));
        Ok(())
    }

    /// A line that comes back as the client's own with this number. How many lines everyone
    /// sent so far isn't known to one client. What it begins with is given back.
    pub(super) fn counted(&mut self, text: &str, number: u64) -> Attempt<String> {
        let start = format!("{text} ({number} here, ");
        self.receive(start.as_bytes())?;
        let rest = self.receive_line()?;
        let digits = rest.strip_suffix(" in all)\n").unwrap_or_default();
        if digits.parse::<u64>().is_err() {
            let expected = format!("{start}… in all)\n").into_bytes();
            let received = format!("{start}{rest}").into_bytes();
            return Err(self.failure(Kind::Different { expected, received }));
        }
        Ok(start)
    }
}
