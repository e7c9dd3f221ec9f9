use httparse::{EMPTY_HEADER, Error, Header};

use super::status::Status;
use super::syntax::{Version, is_target_byte, is_token_byte};

const FIELD_LIMIT: usize = 128;

pub struct Request<'a> {
    pub target: &'a str,
}

impl<'a> Request<'a> {
    pub fn parse(head: &'a [u8]) -> Result<Request<'a>, Status> {
        let (method, rest) = word(head, is_token_byte)?;
        let (target, rest) = word(rest, is_target_byte)?;
        let target = str::from_utf8(target).map_err(|_| Status::BadRequest)?;
        let (version, lines) = Version::parse(rest)?;

        let mut slots = [EMPTY_HEADER; FIELD_LIMIT];
        let fields = match httparse::parse_headers(lines, &mut slots) {
            Ok(httparse::Status::Complete((_, fields))) => fields,
            Err(Error::TooManyHeaders) => return Err(Status::HeadTooLarge),
            _ => return Err(Status::BadRequest),
        };
        check_host(fields, version)?;

        if method != b"GET" && method != b"HEAD" {
            return Err(Status::NotImplemented);
        }
        Ok(Request { target })
    }
}

fn word(text: &[u8], fits: impl Fn(u8) -> bool) -> Result<(&[u8], &[u8]), Status> {
    let end = text.iter().position(|&byte| !fits(byte)).ok_or(Status::BadRequest)?;
    match text.split_at(end) {
        (word, [b' ', rest @ ..]) if !word.is_empty() => Ok((word, rest)),
        _ => Err(Status::BadRequest),
    }
}

fn check_host(fields: &[Header], version: Version) -> Result<(), Status> {
    let mut hosts = 0;
    for field in fields {
        if field.name.eq_ignore_ascii_case("host") {
            hosts += 1;
        }
    }
    match hosts {
        0 if version == Version::Http10 => Ok(()),
        1 => Ok(()),
        _ => Err(Status::BadRequest),
    }
}
