use std::net::Ipv6Addr;
use std::ops::Range;

use httparse::{EMPTY_HEADER, Error, Header};

use super::Status;
use super::framing::Framing;
use super::method::Method;

const HEAD_LIMIT: usize = 16 * 1024;
const LINE_LIMIT: usize = 8 * 1024;
const FIELD_LIMIT: usize = 64;
const EMPTY_LINES: usize = 2;

pub const NO_FIELDS: [Header; FIELD_LIMIT] = [EMPTY_HEADER; FIELD_LIMIT];

#[derive(Default)]
pub struct Search {
    start: usize,
    line: usize,
    searched: usize,
}

impl Search {
    pub fn head(&mut self, input: &[u8]) -> Result<Option<Range<usize>>, Status> {
        let input = &input[..input.len().min(HEAD_LIMIT)];
        while self.start < EMPTY_LINES * 2 && input[self.start..].starts_with(b"\r\n") {
            self.start += 2;
            (self.line, self.searched) = (self.start, self.start);
        }
        let first = input.get(self.start).copied().unwrap_or(b'\r');
        if first != b'\r' && !is_token_byte(first) {
            return Err(Status::BadRequest);
        }
        while let Some(length) = find_line_feed(&input[self.searched..]) {
            let end = self.searched + length + 1;
            self.check_request_line(end)?;
            match &input[self.line..end] {
                b"\r\n" => return Ok(Some(self.start..end)),
                line if !line.ends_with(b"\r\n") => return Err(Status::BadRequest),
                _ => (self.line, self.searched) = (end, end),
            }
        }
        self.searched = input.len();
        self.check_request_line(input.len())?;
        if input.len() == HEAD_LIMIT {
            return Err(Status::HeadTooLarge);
        }
        Ok(None)
    }

    pub fn is_head(&self, input: &[u8]) -> bool {
        input[self.start..].starts_with(b"HEAD ")
    }

    fn check_request_line(&self, end: usize) -> Result<(), Status> {
        if self.line == self.start && end - self.start > LINE_LIMIT {
            return Err(Status::UriTooLong);
        }
        Ok(())
    }
}

fn find_line_feed(input: &[u8]) -> Option<usize> {
    input.iter().position(|&byte| byte == b'\n')
}

pub struct Request<'a> {
    pub method: Method,
    pub target: &'a str,
    pub fields: &'a [Header<'a>],
    pub keep_alive: bool,
    pub framing: Framing,
    pub expects_continue: bool,
}

impl<'a> Request<'a> {
    pub fn parse(
        head: &'a [u8],
        fields: &'a mut [Header<'a>],
    ) -> Result<Request<'a>, Status> {
        let length = find_line_feed(head).ok_or(Status::BadRequest)? + 1;
        let (line, rest) = head.split_at(length);
        let (method, target, version) = request_line(line)?;

        let fields = match httparse::parse_headers(rest, fields) {
            Ok(httparse::Status::Complete((_, fields))) => fields,
            Err(Error::TooManyHeaders) => return Err(Status::HeadTooLarge),
            _ => return Err(Status::BadRequest),
        };
        check_host(fields, version)?;

        let method = Method::named(method).ok_or(Status::NotImplemented)?;
        Ok(Request {
            method,
            target,
            fields,
            keep_alive: keep_alive(fields, version),
            framing: Framing::of(fields, version)?,
            expects_continue: expects_continue(fields, version)?,
        })
    }
}

#[derive(Clone, Copy, PartialEq)]
pub enum Version {
    Http10,
    Http11,
}

fn request_line(line: &[u8]) -> Result<(&str, &str, Version), Status> {
    let line = line.strip_suffix(b"\r\n").and_then(|line| str::from_utf8(line).ok());
    let line = line.ok_or(Status::BadRequest)?;
    let mut words = line.split(' ');
    let (Some(method), Some(target), Some(version), None) =
        (words.next(), words.next(), words.next(), words.next())
    else {
        return Err(Status::BadRequest);
    };
    let is_method = !method.is_empty() && method.bytes().all(is_token_byte);
    let is_target = !target.is_empty() && target.bytes().all(|b| b.is_ascii_graphic());
    if !is_method || !is_target {
        return Err(Status::BadRequest);
    }
    let version = match version.strip_prefix("HTTP/").map(str::as_bytes) {
        Some(b"1.0") => Version::Http10,
        Some([b'1', b'.', b'1'..=b'9']) => Version::Http11,
        Some([b'0'..=b'9', b'.', b'0'..=b'9']) => {
            return Err(Status::VersionNotSupported);
        }
        _ => return Err(Status::BadRequest),
    };
    Ok((method, target, version))
}

pub fn is_token_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte)
}

fn check_host(fields: &[Header], version: Version) -> Result<(), Status> {
    let mut hosts = values(fields, "host");
    match (hosts.next(), hosts.next()) {
        (None, _) if version == Version::Http10 => Ok(()),
        (Some(host), None) if is_host(host) => Ok(()),
        _ => Err(Status::BadRequest),
    }
}

pub fn values<'a>(fields: &[Header<'a>], name: &str) -> impl Iterator<Item = &'a [u8]> {
    let named = fields.iter().filter(move |field| field.name.eq_ignore_ascii_case(name));
    named.map(|field| field.value)
}

pub fn is_host(value: &[u8]) -> bool {
    let Ok(value) = str::from_utf8(value) else {
        return false;
    };
    let (host, port) = match value.rsplit_once(':') {
        Some((host, port)) if !port.ends_with(']') => (host, port),
        _ => (value, ""),
    };
    let bracketed = host.strip_prefix('[').and_then(|rest| rest.strip_suffix(']'));
    let is_host = match bracketed {
        Some(address) => address.parse::<Ipv6Addr>().is_ok(),
        None => !host.is_empty() && host.bytes().all(is_name_byte),
    };
    is_host && port.bytes().all(|byte| byte.is_ascii_digit())
}

fn is_name_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"-._~%!$&'()*+,;=".contains(&byte)
}

fn keep_alive(fields: &[Header], version: Version) -> bool {
    let wants = |token: &str| {
        let values = values(fields, "connection");
        let mut tokens = values.flat_map(|value| value.split(|&byte| byte == b','));
        tokens.any(|word| word.trim_ascii().eq_ignore_ascii_case(token.as_bytes()))
    };
    !wants("close") && (version == Version::Http11 || wants("keep-alive"))
}

fn expects_continue(fields: &[Header], version: Version) -> Result<bool, Status> {
    let mut expectations = values(fields, "expect").peekable();
    let expects = version == Version::Http11 && expectations.peek().is_some();
    match expectations.all(|value| value.eq_ignore_ascii_case(b"100-continue")) {
        true => Ok(expects),
        false => Err(Status::ExpectationFailed),
    }
}
