use crate::buffers::Output;

use super::status::Status;

const HTML: &str = "Content-Type: text/html; charset=utf-8\r\n";
const PLAIN: &str = "Content-Type: text/plain; charset=utf-8\r\n";

pub struct Response {
    pub status: Status,
    pub fields: &'static str,
    pub body: Vec<u8>,
}

impl Response {
    pub fn of(status: Status) -> Response {
        Response { status, fields: PLAIN, body: [status.text(), "\n"].concat().into() }
    }

    pub fn html(text: String) -> Response {
        Response { status: Status::Ok, fields: HTML, body: text.into() }
    }

    pub fn write(&self, date: &str, output: &mut Output) {
        let status = self.status.text();
        for text in ["HTTP/1.1 ", status, "\r\n", date, self.fields] {
            output.push(text.as_bytes());
        }
        output.push(b"Content-Length: ");
        output.push(itoa::Buffer::new().format(self.body.len()).as_bytes());
        output.push(b"\r\nConnection: close\r\n\r\n");
        output.push(&self.body);
    }
}
