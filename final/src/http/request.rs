//! A request's head: what it says (RFC 9112, sections 3 and 5).

use httparse::{EMPTY_HEADER, Error, Header};

use super::conditions::Conditions;
use super::framing::{Framing, check_tabs};
use super::method::Method;
use super::status::Status;
use super::syntax::{
    Version, is_host, is_target_byte, is_token_byte, lists, values, words,
};

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
        let may_have_many = head.len() > SPACE_LIMIT;
        if may_have_many && count(b' ') + count(b'\t') > SPACE_LIMIT {
            return Err(Status::HeadTooLarge);
        }
        let (method, rest) = word(head, is_token_byte)?;
        let (target, rest) = word(rest, is_target_byte)?;
        let target = str::from_utf8(target).map_err(|_| Status::BadRequest)?;
        let (version, lines) = Version::parse(rest)?;

        let mut few = [EMPTY_HEADER; FEW_FIELDS];
        let mut many = Vec::new();
        let mut parsed = httparse::parse_headers(lines, &mut few);
        if parsed == Err(Error::TooManyHeaders) {
            many.resize(FIELD_LIMIT, EMPTY_HEADER);
            parsed = httparse::parse_headers(lines, &mut many);
        }
        let fields = match parsed {
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

/// The bytes before the first that doesn't fit, which is a space, and those after it.
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
