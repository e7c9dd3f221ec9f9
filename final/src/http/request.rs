//! A request's head: what it says (RFC 9112, sections 3 and 5).

use httparse::{EMPTY_HEADER, Error, Header};

use super::conditions::Conditions;
use super::framing::{Framing, check_tabs};
use super::method::Method;
use super::status::Status;
use super::syntax::{Version, is_host, is_token_byte, values, words};

/// The most fields a head may have.
const FIELD_LIMIT: usize = 128;
/// The most spaces and tabs it may have. Those around a value take httparse longer than any letter.
const SPACE_LIMIT: usize = 4096;
/// As many places are made ready for each head. Of 128 they would cost more than the parsing.
const FEW_FIELDS: usize = 16;

/// A request, as far as its head tells.
pub struct Request<'a> {
    /// What is to be done with the target.
    pub method: Method,
    /// The target, as it was sent: no spaces and no ASCII control characters.
    pub target: &'a str,
    /// Whether the connection stays open after the response (RFC 9112, section 9.3).
    pub keep_alive: bool,
    /// How its body is framed.
    pub framing: Framing,
    /// Whether the client waits with the body until it is told to go on.
    pub expects_continue: bool,
    /// What the client has already, and which part it wants.
    pub conditions: Conditions<'a>,
}

impl<'a> Request<'a> {
    /// Reads a whole head. An error is the status to refuse it with.
    pub fn parse(head: &'a [u8]) -> Result<Request<'a>, Status> {
        let count = |byte| memchr::memchr_iter(byte, head).count();
        if head.len() > SPACE_LIMIT && count(b' ') + count(b'\t') > SPACE_LIMIT {
            return Err(Status::HeadTooLarge);
        }
        let end = memchr::memchr(b'\n', head).ok_or(Status::BadRequest)?;
        let (line, rest) = head.split_at(end + 1);
        let (method, target, version) = request_line(line)?;

        let (mut few, mut many) = ([EMPTY_HEADER; FEW_FIELDS], Vec::new());
        let mut parsed = httparse::parse_headers(rest, &mut few);
        if parsed == Err(Error::TooManyHeaders) {
            many.resize(FIELD_LIMIT, EMPTY_HEADER);
            parsed = httparse::parse_headers(rest, &mut many);
        }
        let fields = match parsed {
            Ok(httparse::Status::Complete((_, fields))) => fields,
            Err(Error::TooManyHeaders) => return Err(Status::HeadTooLarge),
            _ => return Err(Status::BadRequest),
        };
        check_host(fields, version)?;
        check_tabs(rest)?;

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

fn request_line(line: &[u8]) -> Result<(&[u8], &str, Version), Status> {
    let line = line.strip_suffix(b"\r\n").ok_or(Status::BadRequest)?;
    let (method, rest) = word(line, is_token_byte)?;
    let (target, version) =
        word(rest, |byte| byte.is_ascii_graphic() || !byte.is_ascii())?;
    let target = str::from_utf8(target).map_err(|_| Status::BadRequest)?;
    Ok((method, target, Version::parse(version)?))
}

/// The bytes before the first space, all of which must fit, and those after it.
fn word(text: &[u8], fits: impl Fn(u8) -> bool) -> Result<(&[u8], &[u8]), Status> {
    let end = memchr::memchr(b' ', text).ok_or(Status::BadRequest)?;
    let (word, rest) = (&text[..end], &text[end + 1..]);
    // Without a way out at the first that doesn't fit, the compiler compares many at once.
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
