//! One HTTP response at a time, read strictly: what a lenient client would forgive is a
//! failure here.

use crate::check::Attempt;
use crate::client::{Client, Heard};
use crate::failure::{Failure, Kind};
use crate::transcript::{amount, shown};

#[derive(Clone, Debug)]
pub struct Response {
    pub minor_version: u8,
    pub status: u16,
    pub fields: Vec<(String, String)>,
    pub body: Vec<u8>,
    /// The status line and the fields as they came, empty line included.
    pub head: Vec<u8>,
    client: String,
}

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
            match self.hear(self.patience) {
                Heard::More => {}
                heard => return Err(self.unexpected(heard, b"HTTP/1.1 ")),
            }
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
            match self.hear(self.patience) {
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

    /// Up to the next line feed, that included.
    pub(crate) fn receive_line(&mut self) -> Attempt<String> {
        loop {
            let unread = self.inbox.unread();
            if let Some(end) = unread.iter().position(|byte| *byte == b'\n') {
                let line = self.inbox.take(end + 1);
                return Ok(String::from_utf8_lossy(&line).into_owned());
            }
            match self.hear(self.patience) {
                Heard::More => {}
                heard => return Err(self.unexpected(heard, b"\n")),
            }
        }
    }

    fn not_http(&mut self, fault: &str) -> Box<Failure> {
        let received = self.inbox.take_all();
        self.failure(Kind::NotHttp { fault: fault.to_string(), received })
    }
}

pub(crate) enum Framing {
    None,
    Length(usize),
    Chunked,
    End,
}

impl Response {
    pub(crate) fn parse(head: &[u8], client: &str) -> Attempt<Response> {
        let fault = |fault: String| {
            let received = head.to_vec();
            Failure::new(Kind::NotHttp { fault, received }).of(client)
        };
        let text = str::from_utf8(head).map_err(|_| fault("it isn't text".into()))?;
        let mut lines = text.trim_end_matches("\r\n").split("\r\n");
        let line = lines.next().unwrap_or_default();
        let (minor_version, status) = status_line(line)
            .ok_or_else(|| fault(format!("its status line is {line:?}")))?;
        let fields: Option<Vec<_>> = lines.map(field).collect();
        let fields = fields.ok_or_else(|| fault("a field isn't one".into()))?;
        Ok(Response {
            minor_version,
            status,
            fields,
            body: Vec::new(),
            head: head.to_vec(),
            client: client.to_string(),
        })
    }

    pub(crate) fn framing(&self, method: &str) -> Attempt<Framing> {
        let lengths = self.values("Content-Length");
        let codings = self.values("Transfer-Encoding");
        if self.status < 200 || matches!(self.status, 204 | 304) || method == "HEAD" {
            return Ok(Framing::None);
        }
        match (&lengths[..], &codings[..]) {
            ([], []) => Ok(Framing::End),
            ([], ["chunked"]) => Ok(Framing::Chunked),
            ([digits], []) if digits.bytes().all(|digit| digit.is_ascii_digit()) => {
                let length = digits.parse();
                length
                    .map(Framing::Length)
                    .map_err(|_| self.fault("Content-Length is too large"))
            }
            _ => Err(self.fault("its framing isn't clear")),
        }
    }

    fn fault(&self, fault: &str) -> Box<Failure> {
        let (fault, received) = (fault.to_string(), self.head.clone());
        Failure::new(Kind::NotHttp { fault, received }).of(&self.client)
    }

    /// The value of the only field with this name.
    pub fn field(&self, name: &str) -> Option<&str> {
        match self.values(name)[..] {
            [value] => Some(value),
            _ => None,
        }
    }

    pub fn values(&self, name: &str) -> Vec<&str> {
        let fields = self.fields.iter();
        let named = fields.filter(|(own, _)| own.eq_ignore_ascii_case(name));
        named.map(|(_, value)| value.as_str()).collect()
    }

    pub fn expect_status(&self, expected: u16) -> Attempt {
        self.expect_fact("the status", expected, self.status)
    }

    pub fn expect_field(&self, name: &str, expected: &str) -> Attempt {
        let received = self.values(name).join(" and another ");
        self.expect_fact(&format!("the field {name}"), expected, received)
    }

    pub fn expect_no_field(&self, name: &str) -> Attempt {
        let received = self.values(name).join(" and another ");
        self.expect_fact(&format!("the field {name}"), "", received)
    }

    pub fn expect_body(&self, expected: impl AsRef<[u8]>) -> Attempt {
        let expected = expected.as_ref().to_vec();
        if self.body == expected {
            return Ok(());
        }
        let received = self.body.clone();
        Err(Failure::new(Kind::Different { expected, received }).of(&self.client))
    }

    /// Any fact about this response.
    pub fn expect_fact<T: ToString>(
        &self,
        what: &str,
        expected: T,
        received: impl ToString,
    ) -> Attempt {
        let (expected, received) = (expected.to_string(), received.to_string());
        if expected == received {
            return Ok(());
        }
        Err(Failure::fact(what, expected, received).of(&self.client))
    }
}

/// RFC 9112, section 4: `HTTP/1.1 200 OK`.
fn status_line(line: &str) -> Option<(u8, u16)> {
    let rest = line.strip_prefix("HTTP/1.")?;
    let (version, rest) = rest.split_once(' ')?;
    let (code, _reason) = rest.split_once(' ')?;
    let digits = |text: &str| text.bytes().all(|digit| digit.is_ascii_digit());
    if version.len() != 1 || code.len() != 3 || !digits(version) || !digits(code) {
        return None;
    }
    Some((version.parse().ok()?, code.parse().ok()?))
}

/// RFC 9112, section 5: no space before the colon, no control bytes.
fn field(line: &str) -> Option<(String, String)> {
    let (name, value) = line.split_once(':')?;
    let token = |letter: u8| {
        letter.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&letter)
    };
    if name.is_empty() || !name.bytes().all(token) || value.contains(char::is_control) {
        return None;
    }
    Some((name.to_string(), value.trim_matches([' ', '\t']).to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_head_is_read() {
        let head = b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\nServer: x\r\n\r\n";
        let response = Response::parse(head, "A").expect("a response");
        assert_eq!((response.minor_version, response.status), (1, 200));
        assert_eq!(response.field("content-length"), Some("3"));
        assert!(response.expect_status(404).is_err());
    }

    #[test]
    fn what_is_not_quite_http_is_refused() {
        for head in [
            "HTTP/1.1 200\r\n\r\n",
            "HTTP/1.1 2000 OK\r\n\r\n",
            "HTTP/1.1 200 OK\r\nServer : x\r\n\r\n",
            "HTTP/1.1 200 OK\r\nServer: x\nDate: y\r\n\r\n",
            "HTTP/1.1 200 OK\r\n folded\r\n\r\n",
        ] {
            assert!(Response::parse(head.as_bytes(), "A").is_err(), "{head:?}");
        }
    }
}
