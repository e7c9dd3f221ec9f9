use std::fmt::Display;

use crate::buffers::Output;

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
        Response { status, fields: PLAIN.into(), body: status.text().into() }
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
