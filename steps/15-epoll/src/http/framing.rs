use httparse::Header;

use super::chunked::{Chunked, take};
use super::status::Status;
use super::syntax::{Version, lists, values, words};

const NAMES: [&[u8]; 2] = [b"content-length", b"transfer-encoding"];

pub enum Framing {
    Length(u64),
    Chunked(Chunked),
}

impl Framing {
    pub fn of(fields: &[Header], version: Version) -> Result<Framing, Status> {
        let mut codings = Vec::new();
        for list in lists(fields, "transfer-encoding")? {
            codings.extend(words(list));
        }
        let mut lengths = values(fields, "content-length");
        match (codings.split_last(), lengths.next(), lengths.next()) {
            (None, None, _) => Ok(Framing::Length(0)),
            (None, Some(digits), None) => Ok(Framing::Length(length(digits)?)),
            (Some((last, others)), None, _) if version == Version::Http11 => {
                chunked(last, others)
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

    pub fn least(&self) -> u64 {
        match self {
            Framing::Length(left) => *left,
            Framing::Chunked(_) => 0,
        }
    }
}

fn chunked(last: &[u8], others: &[&[u8]]) -> Result<Framing, Status> {
    let is_chunked = |coding: &[u8]| coding.eq_ignore_ascii_case(b"chunked");
    if !is_chunked(last) || others.iter().any(|coding| is_chunked(coding)) {
        return Err(Status::BadRequest);
    }
    match others.is_empty() {
        true => Ok(Framing::Chunked(Chunked::default())),
        false => Err(Status::NotImplemented),
    }
}

pub fn check_tabs(mut lines: &[u8]) -> Result<(), Status> {
    if memchr::memchr(b'\t', lines).is_none() {
        return Ok(());
    }
    while let Some(end) = memchr::memchr(b'\n', lines) {
        let (line, rest) = lines.split_at(end);
        if line.contains(&b'\t') && NAMES.iter().any(|name| is_named(line, name)) {
            return Err(Status::BadRequest);
        }
        lines = &rest[1..];
    }
    Ok(())
}

fn is_named(line: &[u8], name: &[u8]) -> bool {
    let (start, rest) = line.split_at(line.len().min(name.len()));
    start.eq_ignore_ascii_case(name) && rest.starts_with(b":")
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
