use httparse::{EMPTY_HEADER, Error, Header};

use super::conditions::Conditions;
use super::framing::{Framing, check_tabs};
use super::method::Method;
use super::status::Status;
use super::syntax::{
    Version, is_host, is_target_byte, is_token_byte, lists, values, words,
};

const FIELD_LIMIT: usize = 128;

pub struct Request<'a> {
    pub method: Method,
    pub target: &'a str,
    pub keep_alive: bool,
    pub framing: Framing,
    pub expects_continue: bool,
    pub conditions: Conditions<'a>,
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
        check_tabs(lines)?;

        let method = Method::named(method).ok_or(Status::NotImplemented)?;
        Ok(Request {
            method,
            target,
            keep_alive: keep_alive(fields, version)?,
            framing: Framing::of(fields, version)?,
            expects_continue: expects_continue(fields, version)?,
            conditions: Conditions::of(method, fields)?,
        })
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
    let mut hosts = values(fields, "host");
    match (hosts.next(), hosts.next()) {
        (None, _) if version == Version::Http10 => Ok(()),
        (Some(host), None) if is_host(host) => Ok(()),
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

fn expects_continue(fields: &[Header], version: Version) -> Result<bool, Status> {
    let mut expects = false;
    for value in values(fields, "expect") {
        if !value.eq_ignore_ascii_case(b"100-continue") {
            return Err(Status::ExpectationFailed);
        }
        expects = version == Version::Http11;
    }
    Ok(expects)
}
