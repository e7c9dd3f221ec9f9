#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Status {
    Ok,
    Created,
    NoContent,
    MovedPermanently,
    Found,
    BadRequest,
    Forbidden,
    NotFound,
    MethodNotAllowed,
    Conflict,
    PreconditionFailed,
    ContentTooLarge,
    UriTooLong,
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
    pub fn has_body(self) -> bool {
        self != Status::NoContent
    }

    pub fn text(self) -> &'static str {
        match self {
            Status::Ok => "200 OK\n",
            Status::Created => "201 Created\n",
            Status::NoContent => "204 No Content\n",
            Status::MovedPermanently => "301 Moved Permanently\n",
            Status::Found => "302 Found\n",
            Status::BadRequest => "400 Bad Request\n",
            Status::Forbidden => "403 Forbidden\n",
            Status::NotFound => "404 Not Found\n",
            Status::MethodNotAllowed => "405 Method Not Allowed\n",
            Status::Conflict => "409 Conflict\n",
            Status::PreconditionFailed => "412 Precondition Failed\n",
            Status::ContentTooLarge => "413 Content Too Large\n",
            Status::UriTooLong => "414 URI Too Long\n",
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
