use httparse::{EMPTY_HEADER, Error, Header};

use super::status::Status;
use super::syntax::{Version, is_target_byte, is_token_byte, lists, values, words};

const FIELD_LIMIT: usize = 128;

pub struct Request<'a> {
    pub target: &'a str,
    pub number: u64,
    pub keep_alive: bool,
}

impl<'a> Request<'a> {
    pub fn parse(head: &'a [u8], number: u64) -> Result<Request<'a>, Status> {
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

        if ![&b"GET"[..], b"HEAD"].contains(&method) || has_body(fields) {
            return Err(Status::NotImplemented);
        }
        Ok(Request { target, number, keep_alive: keep_alive(fields, version)? })
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

fn keep_alive(fields: &[Header], version: Version) -> Result<bool, Status> {
    let mut keep_alive = version == Version::Http11;
    for list in lists(fields, "connection")? {
        for word in words(list) {
            if word.eq_ignore_ascii_case(b"close") {
                return Ok(false);
            }
            keep_alive |= word.eq_ignore_ascii_case(b"keep-alive");
        }
    }
    Ok(keep_alive)
}

fn has_body(fields: &[Header]) -> bool {
    values(fields, "transfer-encoding").next().is_some()
        || values(fields, "content-length").any(|length| length != b"0")
}
