//! One HTTP response at a time, read strictly: what a lenient client would forgive is a
//! failure here.

mod fields;
pub mod pipeline;
pub mod requests;
pub mod response;

use self::response::{Framing, Response};
use super::Client;
use super::inbox::Heard;
use crate::evidence::failure::{Attempt, Failure, Kind};
use crate::evidence::text::{amount, shown};

/// A head longer than this is none.
const LONGEST_HEAD: usize = 64 * 1024;
/// No check asks for a longer body to keep it.
const LONGEST_BODY: usize = 256 << 20;

impl Client {
    /// The next response, to a GET or anything else that may have a body.
    pub fn response(&mut self) -> Attempt<Response> {
        self.response_to("GET")
    }

    /// The method says whether a body follows: one to HEAD has none.
    pub fn response_to(&mut self, method: &str) -> Attempt<Response> {
        let response = self.quiet_response(method)?;
        let whole = [&response.head[..], &response.body].concat();
        self.note(format!("← {}", shown(&whole)));
        Ok(response)
    }

    /// [`Client::response_to`] without a word in the transcript.
    pub fn quiet_response(&mut self, method: &str) -> Attempt<Response> {
        let head = self.head()?;
        let mut response = Response::parse(&head, &self.name)?;
        response.body = match response.framing(method)? {
            Framing::None => Vec::new(),
            Framing::Length(length) => self.body(length)?,
            Framing::Chunked => self.chunks()?,
            Framing::End => self.body_up_to_the_end(&response)?,
        };
        Ok(response)
    }

    fn head(&mut self) -> Attempt<Vec<u8>> {
        loop {
            let unread = self.inbox.unread();
            let end = unread.windows(4).position(|window| window == b"\r\n\r\n");
            if let Some(end) = end {
                return Ok(self.inbox.take(end + 4));
            }
            let start = b"HTTP/1.";
            let upto = unread.len().min(start.len());
            if unread[..upto] != start[..upto] {
                return Err(self.not_http("it doesn't start with \"HTTP/1.\""));
            }
            if unread.len() > LONGEST_HEAD {
                return Err(self.not_http("its head doesn't end"));
            }
            self.hear_more(b"HTTP/1.1 ")?;
        }
    }

    fn body(&mut self, length: usize) -> Attempt<Vec<u8>> {
        if length > LONGEST_BODY {
            let (most, length) = (amount(LONGEST_BODY), amount(length));
            let most = format!("at most {most}");
            return Err(
                Failure::fact("how long the body is", most, length).of(&self.name)
            );
        }
        while self.inbox.unread().len() < length {
            match self.hear(self.peer.patience) {
                Heard::More => {}
                heard => {
                    let received = self.inbox.unread().len();
                    let what = "the body is as long as Content-Length says";
                    let received = format!("{}, then {heard}", amount(received));
                    let failure = Failure::fact(what, amount(length), received);
                    return Err(failure.of(&self.name));
                }
            }
        }
        Ok(self.inbox.take(length))
    }

    /// RFC 9112, section 6.3: what says neither how long it is nor that it is chunked.
    fn body_up_to_the_end(&mut self, response: &Response) -> Attempt<Vec<u8>> {
        self.read_to_end().map_err(|failure| match failure.kind {
            Kind::NoEnd { .. } => response.fault(
                "it has no Content-Length, and so the end of the connection should end it, \
                 which stays open",
            ),
            _ => failure,
        })
    }

    fn chunks(&mut self) -> Attempt<Vec<u8>> {
        let mut body = Vec::new();
        loop {
            let line = self.receive_line()?;
            let digits = line.strip_suffix("\r\n").unwrap_or_default();
            let plain = digits.bytes().all(|digit| digit.is_ascii_hexdigit());
            let size = usize::from_str_radix(digits, 16);
            let (true, Ok(size)) = (plain, size) else {
                return Err(self.not_http(&format!("a chunk's size is {line:?}")));
            };
            body.extend(self.body(size)?);
            self.receive(b"\r\n")?;
            if size == 0 {
                return Ok(body);
            }
        }
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

    fn not_http(&mut self, fault: &str) -> Box<Failure> {
        let received = self.inbox.take_all();
        self.failure(Kind::NotHttp { fault: fault.to_string(), received })
    }
}
