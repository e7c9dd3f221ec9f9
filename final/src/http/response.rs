//! Responses, and the bytes they are on the wire (RFC 9112, section 4).

use std::fmt::Display;
use std::fs::File;
use std::ops::Range;
use std::sync::Arc;

use crate::buffers::Output;
use crate::protocol::Next;

use super::status::Status;

/// The field of a body that is plain text.
pub const PLAIN: &str = "Content-Type: text/plain; charset=utf-8\r\n";

/// What an application answers.
pub struct Response {
    /// The status line.
    pub status: Status,
    /// Whole lines of the head. Those about the connection, the date and the length aren't among them.
    pub fields: Arc<str>,
    /// What follows the head, unless the request is a HEAD.
    pub body: Body,
}

/// A response's body.
pub enum Body {
    /// Its own.
    Bytes(Vec<u8>),
    /// These bytes of what others have too.
    Shared(Arc<[u8]>, Range<u64>),
    /// These bytes of a file.
    File(Arc<File>, Range<u64>),
    /// One behind the other.
    Parts(Vec<Body>),
}

impl Response {
    /// A response that says its status and no more.
    pub fn of(status: Status) -> Response {
        if !status.has_body() {
            let body = Body::Bytes(Vec::new());
            return Response { status, fields: "".into(), body };
        }
        let body = Body::Bytes([status.text(), "\n"].concat().into());
        Response { status, fields: PLAIN.into(), body }
    }

    /// A response of a few words.
    pub fn text(status: Status, text: String) -> Response {
        Response { status, fields: PLAIN.into(), body: Body::Bytes(text.into()) }
    }

    /// The same with one more field. Its value has no line end in it.
    pub fn with(mut self, name: &str, value: impl Display) -> Self {
        self.fields = format!("{}{name}: {value}\r\n", self.fields).into();
        self
    }

    /// The same, which no cache may keep (RFC 9111, section 5.2.2.5).
    pub fn no_store(self) -> Response {
        self.with("Cache-Control", "no-store")
    }

    /// Appends the response to `output`: the head, with the whole line of the date and with what is
    /// next for the connection, and the body if the method wants one.
    ///
    /// 204 and 304 have none, whatever the method (RFC 9110, section 6.4.1).
    pub fn write(&self, date: &str, next: Next, with_body: bool, output: &mut Output) {
        let status = self.status.text();
        for text in ["HTTP/1.1 ", status, "\r\n", date, &self.fields] {
            output.push(text.as_bytes());
        }
        if self.status.has_body() {
            output.push(b"X-Content-Type-Options: nosniff\r\nContent-Length: ");
            output.push(itoa::Buffer::new().format(self.body.length()).as_bytes());
            output.push(b"\r\n");
        }
        output.push(match next {
            Next::Linger | Next::End => b"Connection: close\r\n\r\n",
            _ => b"Connection: keep-alive\r\n\r\n",
        });
        if with_body && self.status.has_body() {
            self.body.write(output);
        }
    }
}

impl Body {
    /// In bytes.
    pub fn length(&self) -> u64 {
        match self {
            Body::Bytes(bytes) => bytes.len() as u64,
            Body::Shared(_, range) | Body::File(_, range) => range.end - range.start,
            Body::Parts(parts) => parts.iter().map(Body::length).sum(),
        }
    }

    fn write(&self, output: &mut Output) {
        match self {
            Body::Bytes(bytes) => output.push(bytes),
            Body::Shared(bytes, range) => output.push_shared(bytes, range.clone()),
            Body::File(file, range) => output.push_file(file, range.clone()),
            Body::Parts(parts) => parts.iter().for_each(|part| part.write(output)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::buffers::Front;

    /// A handler may give such a response a body by mistake, and the client would take it for the
    /// next response.
    #[test]
    fn a_status_without_a_body_gets_none() {
        for (status, has_body) in
            [(Status::Ok, true), (Status::NoContent, false), (Status::NotModified, false)]
        {
            let (response, mut output) =
                (Response::text(status, "x".into()), Output::default());
            response.write("", Next::Read, true, &mut output);
            let Front::Bytes { bytes, .. } = output.front() else {
                unreachable!("no file is sent");
            };
            assert_eq!(bytes.ends_with(b"\r\n\r\nx"), has_body, "{status:?}");
            assert_eq!(bytes.ends_with(b"\r\n\r\n"), !has_body, "{status:?}");
        }
    }
}
