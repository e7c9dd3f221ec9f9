//! Responses, and the bytes they are on the wire (RFC 9112, section 4).

use std::borrow::Cow;
use std::fs::File;
use std::ops::Range;
use std::rc::Rc;

use crate::buffers::Output;

use super::method::Methods;

/// The statuses this server gives (RFC 9110, section 15; 431 is RFC 6585, section 5; 507 is
/// RFC 4918, section 11.5).
#[allow(missing_docs)]
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Status {
    Ok,
    Created,
    NoContent,
    PartialContent,
    MovedPermanently,
    Found,
    NotModified,
    BadRequest,
    Forbidden,
    NotFound,
    MethodNotAllowed,
    Conflict,
    PreconditionFailed,
    ContentTooLarge,
    UriTooLong,
    RangeNotSatisfiable,
    ExpectationFailed,
    UnprocessableContent,
    HeadTooLarge,
    InternalServerError,
    NotImplemented,
    ServiceUnavailable,
    VersionNotSupported,
    InsufficientStorage,
}

impl Status {
    /// Code and reason as one line.
    pub fn text(self) -> &'static str {
        match self {
            Status::Ok => "200 OK\n",
            Status::Created => "201 Created\n",
            Status::NoContent => "204 No Content\n",
            Status::PartialContent => "206 Partial Content\n",
            Status::MovedPermanently => "301 Moved Permanently\n",
            Status::Found => "302 Found\n",
            Status::NotModified => "304 Not Modified\n",
            Status::BadRequest => "400 Bad Request\n",
            Status::Forbidden => "403 Forbidden\n",
            Status::NotFound => "404 Not Found\n",
            Status::MethodNotAllowed => "405 Method Not Allowed\n",
            Status::Conflict => "409 Conflict\n",
            Status::PreconditionFailed => "412 Precondition Failed\n",
            Status::ContentTooLarge => "413 Content Too Large\n",
            Status::UriTooLong => "414 URI Too Long\n",
            Status::RangeNotSatisfiable => "416 Range Not Satisfiable\n",
            Status::ExpectationFailed => "417 Expectation Failed\n",
            Status::UnprocessableContent => "422 Unprocessable Content\n",
            Status::HeadTooLarge => "431 Request Header Fields Too Large\n",
            Status::InternalServerError => "500 Internal Server Error\n",
            Status::NotImplemented => "501 Not Implemented\n",
            Status::ServiceUnavailable => "503 Service Unavailable\n",
            Status::VersionNotSupported => "505 HTTP Version Not Supported\n",
            Status::InsufficientStorage => "507 Insufficient Storage\n",
        }
    }
}

/// What an application answers.
pub struct Response<'a> {
    /// The status line.
    pub status: Status,
    /// The media type of the body, with parameters.
    pub content_type: Cow<'a, str>,
    /// The Content-Range field: which part the body is.
    pub content_range: Option<String>,
    /// Whole lines of the head, which say what version the body is of.
    pub validators: &'a str,
    /// The Location field.
    pub location: Option<Cow<'a, str>>,
    /// The Allow field.
    pub allow: Option<Methods>,
    /// What follows the head, unless the request is a HEAD.
    pub body: Body<'a>,
}

/// A response's body.
pub enum Body<'a> {
    /// Bytes at hand.
    Bytes(&'a [u8]),
    /// Text of its own.
    Text(String),
    /// These bytes of a file; there are some.
    File(&'a Rc<File>, Range<u64>),
    /// One behind the other.
    Parts(Vec<Body<'a>>),
}

impl Response<'_> {
    /// A response that says its status and no more.
    pub fn of(status: Status) -> Response<'static> {
        Response {
            status,
            content_type: "text/plain; charset=utf-8".into(),
            content_range: None,
            validators: "",
            location: None,
            allow: None,
            body: Body::Bytes(status.text().as_bytes()),
        }
    }

    /// Appends the response to `output`: the head, and the body if the method wants one.
    ///
    /// 204 and 304 have none, whatever the method (RFC 9110, section 6.4.1).
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
        let has_body = !matches!(self.status, Status::NoContent | Status::NotModified);
        if has_body {
            output.print(format_args!(
                "Content-Type: {}\r\n\
                 X-Content-Type-Options: nosniff\r\n\
                 Content-Length: {}\r\n",
                self.content_type,
                self.body.length(),
            ));
        }
        if let Some(range) = &self.content_range {
            output.print(format_args!("Content-Range: {range}\r\n"));
        }
        output.push(self.validators.as_bytes());
        if let Some(location) = &self.location {
            output.print(format_args!("Location: {location}\r\n"));
        }
        if let Some(methods) = self.allow {
            output.print(format_args!("Allow: {methods}\r\n"));
        }
        output.print(format_args!("Connection: {connection}\r\n\r\n"));
        if with_body && has_body {
            self.body.write(output);
        }
    }
}

impl Body<'_> {
    /// In bytes.
    fn length(&self) -> u64 {
        match self {
            Body::Bytes(bytes) => bytes.len() as u64,
            Body::Text(text) => text.len() as u64,
            Body::File(_, range) => range.end - range.start,
            Body::Parts(parts) => parts.iter().map(Body::length).sum(),
        }
    }

    fn write(&self, output: &mut Output) {
        match self {
            Body::Bytes(bytes) => output.push(bytes),
            Body::Text(text) => output.push(text.as_bytes()),
            Body::File(file, range) => output.push_file(file, range.clone()),
            Body::Parts(parts) => parts.iter().for_each(|part| part.write(output)),
        }
    }
}
