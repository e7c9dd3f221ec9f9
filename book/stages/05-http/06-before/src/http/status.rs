#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Status {
    Ok,
    BadRequest,
    UriTooLong,
    HeadTooLarge,
}

impl Status {
    pub fn text(self) -> &'static str {
        match self {
            Status::Ok => "200 OK\n",
            Status::BadRequest => "400 Bad Request\n",
            Status::UriTooLong => "414 URI Too Long\n",
            Status::HeadTooLarge => "431 Request Header Fields Too Large\n",
        }
    }
}
