use crate::buffers::Output;

const HTML: &str = "Content-Type: text/html; charset=utf-8\r\n";

pub struct Response {
    pub fields: &'static str,
    pub body: Vec<u8>,
}

impl Response {
    pub fn html(text: String) -> Response {
        Response { fields: HTML, body: text.into() }
    }

    pub fn write(&self, output: &mut Output) {
        for text in ["HTTP/1.1 200 OK\r\n", self.fields] {
            output.push(text.as_bytes());
        }
        output.push(b"Content-Length: ");
        output.push(itoa::Buffer::new().format(self.body.len()).as_bytes());
        output.push(b"\r\nConnection: close\r\n\r\n");
        output.push(&self.body);
    }
}
