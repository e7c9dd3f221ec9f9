use crate::buffers::Output;

#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Status {
    Ok,
    BadRequest,
    NotFound,
    UriTooLong,
    HeadTooLarge,
    NotImplemented,
    VersionNotSupported,
}

impl Status {
    pub fn text(self) -> &'static str {
        match self {
            Status::Ok => "200 OK\n",
            Status::BadRequest => "400 Bad Request\n",
            Status::NotFound => "404 Not Found\n",
            Status::UriTooLong => "414 URI Too Long\n",
            Status::HeadTooLarge => "431 Request Header Fields Too Large\n",
            Status::NotImplemented => "501 Not Implemented\n",
            Status::VersionNotSupported => "505 HTTP Version Not Supported\n",
        }
    }
}

pub struct Response<'a> {
    pub status: Status,
    pub content_type: &'static str,
    pub body: &'a [u8],
}

impl Response<'_> {
    pub fn of(status: Status) -> Response<'static> {
        Response {
            status,
            content_type: "text/plain; charset=utf-8",
            body: status.text().as_bytes(),
        }
    }

    pub fn write(&self, date: &str, with_body: bool, output: &mut Output) {
        output.print(format_args!(
            "HTTP/1.1 {}\r\n\
             Date: {date}\r\n\
             Content-Type: {}\r\n\
             Content-Length: {}\r\n\
             Connection: close\r\n\
             \r\n",
            self.status.text().trim_end(),
            self.content_type,
            self.body.len(),
        ));
        if with_body {
            output.push(self.body);
        }
    }
}
