//! Responses, and the bytes they are on the wire (RFC 9112, section 4).

use std::os::fd::OwnedFd;

use crate::buffers::Output;

/// The statuses this server gives (RFC 9110, section 15; 431 is RFC 6585, section 5).
#[allow(missing_docs)]
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Status {
    Ok,
    MovedPermanently,
    BadRequest,
    Forbidden,
    NotFound,
    MethodNotAllowed,
    ContentTooLarge,
    UriTooLong,
    ExpectationFailed,
    HeadTooLarge,
    InternalServerError,
    NotImplemented,
    ServiceUnavailable,
    VersionNotSupported,
}

impl Status {
    /// Code and reason as one line.
    pub fn text(self) -> &'static str {
        match self {
            Status::Ok => "200 OK\n",
            Status::MovedPermanently => "301 Moved Permanently\n",
            Status::BadRequest => "400 Bad Request\n",
            Status::Forbidden => "403 Forbidden\n",
            Status::NotFound => "404 Not Found\n",
            Status::MethodNotAllowed => "405 Method Not Allowed\n",
            Status::ContentTooLarge => "413 Content Too Large\n",
            Status::UriTooLong => "414 URI Too Long\n",
            Status::ExpectationFailed => "417 Expectation Failed\n",
            Status::HeadTooLarge => "431 Request Header Fields Too Large\n",
            Status::InternalServerError => "500 Internal Server Error\n",
            Status::NotImplemented => "501 Not Implemented\n",
            Status::ServiceUnavailable => "503 Service Unavailable\n",
            Status::VersionNotSupported => "505 HTTP Version Not Supported\n",
        }
    }
}

/// What an application answers.
pub struct Response<'a> {
    /// The status line.
    pub status: Status,
    /// The media type of the body, without parameters; text is UTF-8.
    pub content_type: &'static str,
    /// The Location field.
    pub location: Option<&'a str>,
    /// The Allow field.
    pub allow: Option<&'static str>,
    /// What follows the head, unless the request is a HEAD.
    pub body: Body<'a>,
}

/// A response's body.
pub enum Body<'a> {
    /// Bytes at hand.
    Bytes(&'a [u8]),
    /// A file's first so many bytes.
    File(OwnedFd, u64),
}

impl<'a> Response<'a> {
    /// A response that says its status and no more.
    pub fn of(status: Status) -> Response<'static> {
        let body = Body::Bytes(status.text().as_bytes());
        Response { status, content_type: "text/plain", location: None, allow: None, body }
    }

    /// A response that sends the client elsewhere.
    pub fn redirect(status: Status, location: &'a str) -> Response<'a> {
        Response { location: Some(location), ..Response::of(status) }
    }

    /// Appends the response to `output`.
    pub fn write(
        self,
        date: &str,
        connection: &str,
        with_body: bool,
        output: &mut Output,
    ) {
        let charset = match self.content_type.starts_with("text/") {
            true => "; charset=utf-8",
            false => "",
        };
        let length = match &self.body {
            Body::Bytes(bytes) => bytes.len() as u64,
            Body::File(_, length) => *length,
        };
        output.print(format_args!(
            "HTTP/1.1 {}\r\n\
             Date: {date}\r\n\
             Content-Type: {}{charset}\r\n\
             Content-Length: {length}\r\n\
             Connection: {connection}\r\n",
            self.status.text().trim_end(),
            self.content_type,
        ));
        if let Some(location) = self.location {
            output.print(format_args!("Location: {location}\r\n"));
        }
        if let Some(allow) = self.allow {
            output.print(format_args!("Allow: {allow}\r\n"));
        }
        output.push(b"\r\n");
        match self.body {
            Body::Bytes(bytes) if with_body => output.push(bytes),
            Body::File(file, length) if with_body => output.push_file(file, length),
            _ => {}
        }
    }
}
