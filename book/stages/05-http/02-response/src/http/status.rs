#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Status {
    Ok,
}

impl Status {
    pub fn text(self) -> &'static str {
        match self {
            Status::Ok => "200 OK",
        }
    }
}
