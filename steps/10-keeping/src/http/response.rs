use std::fmt::Display;

use crate::buffers::Output;
use crate::protocol::Next;

use super::status::Status;

const HTML: &str = "Content-Type: text/html; charset=utf-8\r\n";
const PLAIN: &str = "Content-Type: text/plain; charset=utf-8\r\n";

pub struct Response {
    pub status: Status,
    pub fields: String,
    pub body: Vec<u8>,
}

impl Response {
    pub fn of(status: Status) -> Response {
        if !status.has_body() {
            return Response { status, fields: String::new(), body: Vec::new() };
        }
        Response {
            status,
            fields: PLAIN.into(),
            body: [status.text(), "\n"].concat().into(),
        }
    }

    pub fn html(text: String) -> Response {
        Response { status: Status::Ok, fields: HTML.into(), body: text.into() }
    }

    pub fn text(status: Status, text: String) -> Response {
        Response { status, fields: PLAIN.into(), body: text.into() }
    }

    pub fn with(mut self, name: &str, value: impl Display) -> Self {
        self.fields += &format!("{name}: {value}\r\n");
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
            output.push(itoa::Buffer::new().format(self.body.len()).as_bytes());
            output.push(b"\r\n");
        }
        output.push(match next {
            Next::Read => b"Connection: keep-alive\r\n\r\n",
            Next::End => b"Connection: close\r\n\r\n",
        });
        if with_body && self.status.has_body() {
            output.push(&self.body);
        }
    }
}
