use crate::buffers::Output;

use super::method::Methods;

#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Status {
    Ok,
    Created,
    NoContent,
    Found,
    BadRequest,
    NotFound,
    MethodNotAllowed,
    Conflict,
    ContentTooLarge,
    UriTooLong,
    ExpectationFailed,
    UnprocessableContent,
    HeadTooLarge,
    InternalServerError,
    NotImplemented,
    VersionNotSupported,
    InsufficientStorage,
}

impl Status {
    pub fn text(self) -> &'static str {
        match self {
            Status::Ok => "200 OK\n",
            Status::Created => "201 Created\n",
            Status::NoContent => "204 No Content\n",
            Status::Found => "302 Found\n",
            Status::BadRequest => "400 Bad Request\n",
            Status::NotFound => "404 Not Found\n",
            Status::MethodNotAllowed => "405 Method Not Allowed\n",
            Status::Conflict => "409 Conflict\n",
            Status::ContentTooLarge => "413 Content Too Large\n",
            Status::UriTooLong => "414 URI Too Long\n",
            Status::ExpectationFailed => "417 Expectation Failed\n",
            Status::UnprocessableContent => "422 Unprocessable Content\n",
            Status::HeadTooLarge => "431 Request Header Fields Too Large\n",
            Status::InternalServerError => "500 Internal Server Error\n",
            Status::NotImplemented => "501 Not Implemented\n",
            Status::VersionNotSupported => "505 HTTP Version Not Supported\n",
            Status::InsufficientStorage => "507 Insufficient Storage\n",
        }
    }
}

pub struct Response<'a> {
    pub status: Status,
    pub content_type: &'static str,
    pub location: Option<&'a str>,
    pub allow: Option<Methods>,
    pub body: &'a [u8],
}

impl Response<'_> {
    pub fn of(status: Status) -> Response<'static> {
        Response {
            status,
            content_type: "text/plain; charset=utf-8",
            location: None,
            allow: None,
            body: status.text().as_bytes(),
        }
    }

    pub fn write(
        &self,
        date: &str,
        connection: &str,
        with_body: bool,
        output: &mut Output,
    ) {
        output.print(format_args!(
            "HTTP/1.1 {}\r\n\
             Date: {date}\r\n",
            self.status.text().trim_end(),
        ));
        let has_body = self.status != Status::NoContent;
        if has_body {
            output.print(format_args!(
                "Content-Type: {}\r\n\
                 X-Content-Type-Options: nosniff\r\n\
                 Content-Length: {}\r\n",
                self.content_type,
                self.body.len(),
            ));
        }
        if let Some(location) = self.location {
            output.print(format_args!("Location: {location}\r\n"));
        }
        if let Some(methods) = self.allow {
            output.print(format_args!("Allow: {methods}\r\n"));
        }
        output.print(format_args!("Connection: {connection}\r\n\r\n"));
        if with_body && has_body {
            output.push(self.body);
        }
    }
}
