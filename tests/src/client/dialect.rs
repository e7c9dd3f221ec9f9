//! What a question is at each step, for checks that are about the loop and not about what is
//! said: they hold from their step on, though the echo gives way to lines and to HTTP.

use crate::step::Step;

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

pub(super) const LINE: &[u8] = b"hello\n";
pub(super) const REQUEST: &[u8] = b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n";

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
