#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Status {
    Ok,
    UriTooLong,
    HeadTooLarge,
}

impl Status {
    pub fn text(self) -> &'static str {
        match self {
            Status::Ok => "200 OK",
            Status::UriTooLong => "414 URI Too Long",
            Status::HeadTooLarge => "431 Request Header Fields Too Large",
        }
    }
}
