//! A response: how its head is read, and what can be expected of it.

use std::fmt::Display;

use crate::evidence::failure::{Attempt, Failure, Kind};

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

    pub(super) fn fault(&self, fault: &str) -> Box<Failure> {
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

    /// The same of one of many requests, of which this says which one it was.
    pub fn expect_status_of(&self, request: impl Display, expected: u16) -> Attempt {
        self.expect_fact(&format!("the status of {request}"), expected, self.status)
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
