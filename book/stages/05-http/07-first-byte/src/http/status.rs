#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Status {
    Ok,
    BadRequest,
    HeadTooLarge,
}

impl Status {
    pub fn text(self) -> &'static str {
        match self {
            Status::Ok => "200 OK",
            Status::BadRequest => "400 Bad Request",
            Status::HeadTooLarge => "431 Request Header Fields Too Large",
        }
    }
}
