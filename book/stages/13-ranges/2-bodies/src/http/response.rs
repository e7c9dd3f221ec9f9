use std::fmt::Display;
use std::fs::File;
use std::ops::Range;
use std::rc::Rc;
use std::sync::Arc;

use crate::buffers::Output;
use crate::protocol::Next;

use super::status::Status;

pub const PLAIN: &str = "Content-Type: text/plain; charset=utf-8\r\n";

pub struct Response {
    pub status: Status,
    pub fields: Rc<str>,
    pub body: Body,
}

pub enum Body {
    Bytes(Vec<u8>),
    Shared(Arc<[u8]>, Range<u64>),
    File(Rc<File>, Range<u64>),
}

impl Response {
    pub fn of(status: Status) -> Response {
        if !status.has_body() {
            let body = Body::Bytes(Vec::new());
            return Response { status, fields: "".into(), body };
        }
        let body = Body::Bytes([status.text(), "\n"].concat().into());
        Response { status, fields: PLAIN.into(), body }
    }

    pub fn text(status: Status, text: String) -> Response {
        Response { status, fields: PLAIN.into(), body: Body::Bytes(text.into()) }
    }

    pub fn with(mut self, name: &str, value: impl Display) -> Self {
        self.fields = format!("{}{name}: {value}\r\n", self.fields).into();
        self
    }

    pub fn no_store(self) -> Response {
        self.with("Cache-Control", "no-store")
    }

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
            Next::Read => b"Connection: keep-alive\r\n\r\n",
            Next::End => b"Connection: close\r\n\r\n",
        });
        if with_body && self.status.has_body() {
            self.body.write(output);
        }
    }
}

impl Body {
    fn length(&self) -> u64 {
        match self {
            Body::Bytes(bytes) => bytes.len() as u64,
            Body::Shared(_, range) | Body::File(_, range) => range.end - range.start,
        }
    }

    fn write(&self, output: &mut Output) {
        match self {
            Body::Bytes(bytes) => output.push(bytes),
            Body::Shared(bytes, range) => output.push_shared(bytes, range.clone()),
            Body::File(file, range) => output.push_file(file, range.clone()),
        }
    }
}
