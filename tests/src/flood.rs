//! A client that asks and doesn't read, for checks of what a slow reader costs.

use std::net::Shutdown;
use std::thread;

use crate::check::Attempt;
use crate::client::{Client, write_within};
use crate::dialect::Dialect;
use crate::failure::Failure;
use crate::transcript::amount;

/// Questions for a client that doesn't read: more of them than every buffer between it and
/// the server holds, answers included.
pub struct Flood {
    dialect: Dialect,
    questions: Vec<u8>,
    size: usize,
}

impl Flood {
    const LINES: usize = 48 * 1024;
    const LINE: usize = 1024;
    const REQUESTS: usize = 160 * 1024;

    pub fn of(dialect: Dialect) -> Flood {
        let (amount, question): (_, fn(usize) -> String) = match dialect {
            Dialect::Echo | Dialect::Lines => (Flood::LINES, numbered_line),
            Dialect::OneRequest => (1, numbered_request),
            Dialect::Requests => (Flood::REQUESTS, numbered_request),
        };
        Flood {
            dialect,
            size: question(0).len(),
            questions: (0..amount).map(question).collect::<String>().into_bytes(),
        }
    }

    /// So much was taken; this many questions were begun.
    fn begun(&self, taken: usize) -> usize {
        taken.div_ceil(self.size)
    }

    fn expected(&self, number: usize) -> String {
        let line = numbered_line(number);
        match self.dialect {
            Dialect::Lines => {
                let (text, count) = (line.trim_end(), number + 1);
                format!("{text} ({count} here, {count} in all)\n")
            }
            _ => line,
        }
    }
}

fn numbered_line(number: usize) -> String {
    format!("{number:0>width$}\n", width = Flood::LINE - 1)
}

fn numbered_request(number: usize) -> String {
    let head = "GET / HTTP/1.1\r\nHost: localhost\r\nX-Number";
    format!("{head}: {number:0>150}\r\n\r\n")
}

impl Client {
    /// Asks and asks without reading an answer, until the server takes no more; says how
    /// many bytes it took. A server that takes them all is at fault.
    pub fn flood(&mut self, flood: &Flood) -> Attempt<usize> {
        if flood.dialect == Dialect::OneRequest {
            self.note("→ a request, and reads no answer");
            self.send_unnoted(&flood.questions)?;
            return Ok(flood.questions.len());
        }
        let taken = self.send_until_refused(&flood.questions);
        if taken == flood.questions.len() {
            let what = "a client that doesn't read isn't read from either";
            let received = format!("it takes all {}", amount(taken));
            let expected = "the server stops taking what it sends";
            return Err(Failure::fact(what, expected, received).of(&self.name));
        }
        self.note("→ questions, reading no answer, until the server takes no more");
        Ok(taken)
    }

    /// Reads at last: the answers to all the questions, the one that was cut off included.
    pub fn drain(&mut self, flood: &Flood, taken: usize) -> Attempt {
        let begun = flood.begun(taken);
        let rest = &flood.questions[taken..begun * flood.size];
        let socket = self.socket.try_clone();
        let socket = socket.map_err(|error| {
            Failure::fact("the system has a descriptor to spare", "one", error)
        })?;
        let patience = self.patience;
        thread::scope(|scope| {
            scope.spawn(move || write_within(&socket, rest, patience));
            let answers = self.answers(flood, begun);
            if answers.is_err() {
                let _ = self.socket.shutdown(Shutdown::Both);
            }
            answers
        })?;
        self.note("← every answer, in order");
        Ok(())
    }

    /// Reads at last, with its sending half closed: every answer to a whole question.
    pub fn drain_to_end(&mut self, flood: &Flood, taken: usize) -> Attempt {
        let whole = taken / flood.size;
        self.answers(flood, whole)?;
        self.note("← every answer, in order");
        let cut = &flood.questions[whole * flood.size..taken];
        match flood.dialect {
            Dialect::Echo => self.receive(cut)?,
            Dialect::Lines => {}
            // What half a request is answered with is another check's matter.
            Dialect::OneRequest | Dialect::Requests if cut.is_empty() => {}
            Dialect::OneRequest | Dialect::Requests => {
                self.read_to_end()?;
                self.note("← end");
                return Ok(());
            }
        }
        self.expect_end()
    }

    fn answers(&mut self, flood: &Flood, amount: usize) -> Attempt {
        self.widen();
        for number in 0..amount {
            match flood.dialect {
                Dialect::Echo | Dialect::Lines => {
                    self.receive(flood.expected(number).as_bytes())?;
                }
                Dialect::OneRequest | Dialect::Requests => {
                    self.quiet_response("GET")?.expect_status(200)?;
                }
            }
        }
        Ok(())
    }
}
