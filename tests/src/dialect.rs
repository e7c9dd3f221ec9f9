//! What a question is at each step, for checks that are about the loop and not about what is
//! said: they hold from their step on, though the echo gives way to lines and to HTTP.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use crate::check::{Attempt, Step};
use crate::client::Client;
use crate::failure::Kind;
use crate::server::{Program, Server};

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
const REQUEST: &[u8] = b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n";
const RESPONSE: &[u8] = b"HTTP/1.1 ";

impl Dialect {
    pub fn of(step: Step) -> Dialect {
        match *step {
            ..=3 => Dialect::Echo,
            4 => Dialect::Lines,
            5 => Dialect::OneRequest,
            6.. => Dialect::Requests,
        }
    }

    /// What a program understands, by what it makes of two requests at once: a reader who
    /// begins with a step still has the server of the last one, and what is new is to fail,
    /// not all the rest for want of words. `None` if it says nothing of use.
    pub fn spoken_by(program: &Program, patience: Duration) -> Option<Dialect> {
        let server = Server::start(program, false, patience).ok()?;
        let mut socket = TcpStream::connect(server.address).ok()?;
        socket.set_read_timeout(Some(patience)).ok()?;
        socket.write_all(&REQUEST.repeat(2)).ok()?;
        let (mut said, mut buffer) = (Vec::new(), [0; 4096]);
        while Dialect::heard_in(&said, false).is_none() {
            match socket.read(&mut buffer) {
                Ok(received @ 1..) => said.extend_from_slice(&buffer[..received]),
                _ => return Dialect::heard_in(&said, true),
            }
        }
        Dialect::heard_in(&said, false)
    }

    /// From the start of what two requests brought, or from the whole if it `ended`.
    fn heard_in(said: &[u8], ended: bool) -> Option<Dialect> {
        let mut lines = said.split_inclusive(|&byte| byte == b'\n');
        let line = lines.next().filter(|line| line.ends_with(b"\n"))?;
        if REQUEST.starts_with(line) {
            return Some(Dialect::Echo);
        }
        if line.starts_with(b"GET / ") {
            return Some(Dialect::Lines);
        }
        let responses = said.windows(RESPONSE.len()).filter(|start| *start == RESPONSE);
        match responses.count() {
            0 => None,
            1 => ended.then_some(Dialect::OneRequest),
            _ => Some(Dialect::Requests),
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

    /// How many lines everyone sent so far isn't known to one client.
    fn counted_line(&mut self) -> Attempt {
        let start = format!("hello ({} here, ", self.asked);
        self.receive(start.as_bytes())?;
        let rest = self.receive_line()?;
        let digits = rest.strip_suffix(" in all)\n").unwrap_or_default();
        if digits.parse::<u64>().is_err() {
            let expected = format!("{start}… in all)\n").into_bytes();
            let received = format!("{start}{rest}").into_bytes();
            return Err(self.failure(Kind::Different { expected, received }));
        }
        self.note(format!("← \"{start}… in all)\\n\""));
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_dialect_is_told_from_the_others() {
        use Dialect::{Echo, Lines, OneRequest, Requests};
        let once = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n";
        for (said, ended, heard) in [
            ("GET / HTTP/1.1\r\nHost", false, Some(Echo)),
            ("GET / HTTP/1.1 (1 here, 1 in all)\n", false, Some(Lines)),
            (once, false, None),
            (once, true, Some(OneRequest)),
            (&once.repeat(2), false, Some(Requests)),
            ("GET / HTTP", false, None),
            ("", true, None),
            ("hello\n", true, None),
        ] {
            assert_eq!(Dialect::heard_in(said.as_bytes(), ended), heard, "{said:?}");
        }
    }
}
