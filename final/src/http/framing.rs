//! Where a request's body ends (RFC 9112, sections 6 and 7).

use httparse::Header;

use super::Status;
use super::chunked::Chunked;
use super::head::{Version, values};

/// How a body is framed, and how far it is read.
pub enum Framing {
    /// So many bytes are still to come; without a body, none.
    Length(u64),
    /// Chunks, of which the last is empty.
    Chunked(Chunked),
}

/// What a slice of input holds of a body.
pub struct Piece<'a> {
    /// Bytes of the body; there may be none.
    pub bytes: &'a [u8],
    /// How many bytes of the input are done with, what frames the body included.
    pub consumed: usize,
    /// Whether the body ends here.
    pub is_last: bool,
}

impl Framing {
    /// What a request's fields announce (RFC 9112, section 6.3).
    ///
    /// 400 where two parsers might disagree: both fields, a Content-Length that is repeated or
    /// isn't digits alone or doesn't fit 64 bits, chunks in HTTP/1.0. 501 for any transfer
    /// coding but `chunked`.
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

    /// Takes the next piece of a body that isn't over from `input`, which isn't empty.
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

/// The first bytes of `input`, at most so many.
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
