//! What a question is at each step, for checks that are about the loop and not about what is
//! said: they hold from their step on, though the echo gives way to lines and to HTTP.

use crate::check::{Attempt, Step};
use crate::client::Client;
use crate::failure::Kind;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dialect {
    /// Every byte comes back.
    Echo,
    /// Every line comes back with two counts.
    Lines,
    /// HTTP, one request on a connection.
    OneRequest,
    /// HTTP with connections that stay.
    Requests,
}

const LINE: &[u8] = b"hello\n";
pub(crate) const REQUEST: &[u8] = b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n";

impl Dialect {
    pub fn of(step: Step) -> Dialect {
        match *step {
            ..=3 => Dialect::Echo,
            4 => Dialect::Lines,
            5 => Dialect::OneRequest,
            6.. => Dialect::Requests,
        }
    }

    pub fn question(self) -> &'static [u8] {
        match self {
            Dialect::Echo | Dialect::Lines => LINE,
            Dialect::OneRequest | Dialect::Requests => REQUEST,
        }
    }
}

impl Client {
    /// A question, and its answer. Once only where a connection takes a single request.
    pub fn ask(&mut self) -> Attempt {
        self.question()?;
        self.answer()
    }

    pub fn question(&mut self) -> Attempt {
        self.asked += 1;
        self.send(self.dialect.question())
    }

    /// The answer to the last question.
    pub fn answer(&mut self) -> Attempt {
        match self.dialect {
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
        match self.dialect {
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
    pub(crate) fn counted(&mut self, text: &str, number: u64) -> Attempt<String> {
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
