use httparse::{EMPTY_HEADER, Error, Header};

use super::framing::{Framing, check_tabs};
use super::status::Status;
use super::syntax::{Version, is_host, is_token_byte, values, words};

const FIELD_LIMIT: usize = 128;

#[derive(Clone, Copy, PartialEq)]
pub enum Method {
    Get,
    Head,
    Post,
}

pub struct Request<'a> {
    pub method: Method,
    pub target: &'a str,
    pub number: u64,
    pub keep_alive: bool,
    pub framing: Framing,
    pub expects_continue: bool,
}

impl<'a> Request<'a> {
    pub fn parse(head: &'a [u8], number: u64) -> Result<Request<'a>, Status> {
        let end = memchr::memchr(b'\n', head).ok_or(Status::BadRequest)?;
        let (line, rest) = head.split_at(end + 1);
        let (method, target, version) = request_line(line)?;

        let mut fields = [EMPTY_HEADER; FIELD_LIMIT];
        let fields = match httparse::parse_headers(rest, &mut fields) {
            Ok(httparse::Status::Complete((_, fields))) => fields,
            Err(Error::TooManyHeaders) => return Err(Status::HeadTooLarge),
            _ => return Err(Status::BadRequest),
        };
        check_host(fields, version)?;
        check_tabs(rest)?;

        let method = match method {
            b"GET" => Method::Get,
            b"HEAD" => Method::Head,
            b"POST" => Method::Post,
            _ => return Err(Status::NotImplemented),
        };
        Ok(Request {
            method,
            target,
            number,
            keep_alive: keep_alive(fields, version)?,
            framing: Framing::of(fields, version)?,
            expects_continue: expects_continue(fields, version)?,
        })
    }
}

fn request_line(line: &[u8]) -> Result<(&[u8], &str, Version), Status> {
    let line = line.strip_suffix(b"\r\n").ok_or(Status::BadRequest)?;
    let (method, rest) = word(line, is_token_byte)?;
    let (target, version) = word(rest, |byte| byte.is_ascii_graphic())?;
    let target = str::from_utf8(target).map_err(|_| Status::BadRequest)?;
    Ok((method, target, Version::parse(version)?))
}

fn word(text: &[u8], fits: impl Fn(u8) -> bool) -> Result<(&[u8], &[u8]), Status> {
    let end = memchr::memchr(b' ', text).ok_or(Status::BadRequest)?;
    let (word, rest) = (&text[..end], &text[end + 1..]);
    let all_fit = word.iter().fold(true, |all_fit, &byte| all_fit & fits(byte));
    match all_fit && !word.is_empty() {
        true => Ok((word, rest)),
        false => Err(Status::BadRequest),
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
    for word in words(fields, "connection")? {
        if word.eq_ignore_ascii_case(b"close") {
            return Ok(false);
        }
        keep_alive |= word.eq_ignore_ascii_case(b"keep-alive");
    }
    Ok(keep_alive)
}

fn expects_continue(fields: &[Header], version: Version) -> Result<bool, Status> {
    let mut expectations = values(fields, "expect").peekable();
    let expects = version == Version::Http11 && expectations.peek().is_some();
    match expectations.all(|value| value.eq_ignore_ascii_case(b"100-continue")) {
        true => Ok(expects),
        false => Err(Status::ExpectationFailed),
    }
}
