use httparse::Header;

use super::chunked::{Chunked, take};
use super::status::Status;
use super::syntax::{Version, values};

pub enum Framing {
    Length(u64),
    Chunked(Chunked),
}

impl Framing {
    pub fn of(fields: &[Header], version: Version) -> Result<Framing, Status> {
        let mut codings = values(fields, "transfer-encoding");
        let mut lengths = values(fields, "content-length");
        match (codings.next(), lengths.next(), lengths.next()) {
            (None, None, _) => Ok(Framing::Length(0)),
            (None, Some(digits), None) => Ok(Framing::Length(length(digits)?)),
            (Some(b"chunked"), None, _) if version == Version::Http11 => {
                Ok(Framing::Chunked(Chunked::default()))
            }
            (Some(_), None, _) if version == Version::Http11 => {
                Err(Status::NotImplemented)
            }
            _ => Err(Status::BadRequest),
        }
    }

    pub fn next<'a>(&mut self, input: &mut &'a [u8]) -> Result<&'a [u8], Status> {
        match self {
            Framing::Length(left) => Ok(take(left, input)),
            Framing::Chunked(chunked) => chunked.next(input),
        }
    }

    pub fn is_done(&self) -> bool {
        match self {
            Framing::Length(left) => *left == 0,
            Framing::Chunked(chunked) => chunked.is_done(),
        }
    }

    pub fn is_longer_than(&self, limit: u64) -> bool {
        match self {
            Framing::Length(left) => *left > limit,
            Framing::Chunked(_) => false,
        }
    }
}

fn length(digits: &[u8]) -> Result<u64, Status> {
    if digits.is_empty() || !digits.iter().all(u8::is_ascii_digit) {
        return Err(Status::BadRequest);
    }
    let digits = str::from_utf8(digits).map_err(|_| Status::BadRequest)?;
    digits.parse().map_err(|_| Status::BadRequest)
}
