use httparse::Header;

use super::Status;
use super::chunked::Chunked;
use super::head::{Version, values};

pub enum Framing {
    Length(u64),
    Chunked(Chunked),
}

pub struct Piece<'a> {
    pub bytes: &'a [u8],
    pub consumed: usize,
    pub is_last: bool,
}

impl Framing {
    pub fn of(fields: &[Header], version: Version) -> Result<Framing, Status> {
        let mut codings = values(fields, "transfer-encoding");
        let mut lengths = values(fields, "content-length");
        match (codings.next(), codings.next(), lengths.next(), lengths.next()) {
            (None, None, None, None) => Ok(Framing::Length(0)),
            (None, None, Some(digits), None) => Ok(Framing::Length(length(digits)?)),
            (Some(_), _, Some(_), _) => Err(Status::BadRequest),
            (Some(_), ..) if version == Version::Http10 => Err(Status::BadRequest),
            (Some(coding), None, ..) if coding.eq_ignore_ascii_case(b"chunked") => {
                Ok(Framing::Chunked(Chunked::default()))
            }
            (Some(_), ..) => Err(Status::NotImplemented),
            _ => Err(Status::BadRequest),
        }
    }

    pub fn next<'a>(&mut self, input: &'a [u8]) -> Result<Piece<'a>, Status> {
        match self {
            Framing::Length(left) => {
                let bytes = first(*left, input);
                *left -= bytes.len() as u64;
                Ok(Piece { bytes, consumed: bytes.len(), is_last: *left == 0 })
            }
            Framing::Chunked(chunked) => chunked.next(input),
        }
    }
}

pub fn first(most: u64, input: &[u8]) -> &[u8] {
    let most = usize::try_from(most).unwrap_or(usize::MAX);
    &input[..input.len().min(most)]
}

fn length(digits: &[u8]) -> Result<u64, Status> {
    if digits.is_empty() || !digits.iter().all(u8::is_ascii_digit) {
        return Err(Status::BadRequest);
    }
    let digits = str::from_utf8(digits).map_err(|_| Status::BadRequest)?;
    digits.parse().map_err(|_| Status::BadRequest)
}
