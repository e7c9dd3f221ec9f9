use httparse::Header;

use super::chunked::{Chunked, take};
use super::status::Status;
use super::syntax::{Version, values};

const NAMES: [&[u8]; 2] = [b"content-length", b"transfer-encoding"];

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

pub fn check_tabs(lines: &[u8]) -> Result<(), Status> {
    if memchr::memchr(b'\t', lines).is_none() {
        return Ok(());
    }
    let is_framing = |line: &&[u8]| {
        let name = line.split(|&byte| byte == b':').next().unwrap_or_default();
        NAMES.iter().any(|own| name.eq_ignore_ascii_case(own))
    };
    let mut framing = lines.split(|&byte| byte == b'\n').filter(is_framing);
    match framing.any(|line| line.contains(&b'\t')) {
        true => Err(Status::BadRequest),
        false => Ok(()),
    }
}

fn length(digits: &[u8]) -> Result<u64, Status> {
    const LIMIT: usize = 256;
    let are_few = (1..=LIMIT).contains(&digits.len());
    if !are_few || !digits.iter().all(u8::is_ascii_digit) {
        return Err(Status::BadRequest);
    }
    let digits = str::from_utf8(digits).map_err(|_| Status::BadRequest)?;
    digits.parse().map_err(|_| Status::BadRequest)
}
