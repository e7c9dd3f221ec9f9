use std::borrow::Cow;
use std::fmt::{Display, Write};

use crate::buffers::Output;

use super::status::Status;

const HTML: &str = "Content-Type: text/html; charset=utf-8\r\n";
const PLAIN: &str = "Content-Type: text/plain; charset=utf-8\r\n";

pub struct Response<'a> {
    pub status: Status,
    pub fields: Cow<'a, str>,
    pub body: Cow<'a, [u8]>,
}

impl Response<'_> {
    pub fn of(status: Status) -> Response<'static> {
        let body = status.text().as_bytes();
        Response { status, fields: PLAIN.into(), body: body.into() }
    }

    pub fn html(text: String) -> Response<'static> {
        let body = text.into_bytes().into();
        Response { status: Status::Ok, fields: HTML.into(), body }
    }

    pub fn text(status: Status, text: String) -> Response<'static> {
        let body = text.into_bytes().into();
        Response { status, fields: PLAIN.into(), body }
    }

    pub fn with(mut self, name: &str, value: impl Display) -> Self {
        let fields = self.fields.to_mut();
        write!(fields, "{name}: {value}\r\n").expect("a String takes every byte");
        self
    }

    pub fn write(
        &self,
        date: &str,
        connection: &str,
        with_body: bool,
        output: &mut Output,
    ) {
        let status = self.status.text().trim_end();
        for text in ["HTTP/1.1 ", status, "\r\nDate: ", date, "\r\n", &self.fields] {
            output.push(text.as_bytes());
        }
        output.push(b"Content-Length: ");
        output.push_number(self.body.len() as u64);
        for text in ["\r\nConnection: ", connection, "\r\n\r\n"] {
            output.push(text.as_bytes());
        }
        if with_body {
            output.push(&self.body);
        }
    }
}
