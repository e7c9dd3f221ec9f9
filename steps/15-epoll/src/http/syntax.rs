use std::net::Ipv6Addr;

use httparse::Header;

use super::status::Status;

#[derive(Clone, Copy, PartialEq)]
pub enum Version {
    Http10,
    Http11,
}

impl Version {
    pub fn parse(text: &[u8]) -> Result<(Version, &[u8]), Status> {
        let (name, lines) = text.split_at_checked(8).ok_or(Status::BadRequest)?;
        let lines = lines.strip_prefix(b"\r\n").ok_or(Status::BadRequest)?;
        match name.strip_prefix(b"HTTP/") {
            Some(b"1.0") => Ok((Version::Http10, lines)),
            Some([b'1', b'.', b'1'..=b'9']) => Ok((Version::Http11, lines)),
            Some([b'0'..=b'9', b'.', b'0'..=b'9']) => Err(Status::VersionNotSupported),
            _ => Err(Status::BadRequest),
        }
    }
}

pub fn values<'a>(fields: &[Header<'a>], name: &str) -> impl Iterator<Item = &'a [u8]> {
    let named = fields.iter().filter(move |field| field.name.eq_ignore_ascii_case(name));
    named.map(|field| field.value)
}

pub fn lists<'a>(
    fields: &[Header<'a>],
    name: &str,
) -> Result<impl Iterator<Item = &'a [u8]>, Status> {
    const LIMIT: usize = 128;
    let length: usize = values(fields, name).map(<[u8]>::len).sum();
    match length > LIMIT {
        true => Err(Status::HeadTooLarge),
        false => Ok(values(fields, name)),
    }
}

pub fn words(list: &[u8]) -> impl Iterator<Item = &[u8]> {
    list.split(|&byte| byte == b',').map(<[u8]>::trim_ascii)
}

pub fn is_token_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte)
}

pub fn is_target_byte(byte: u8) -> bool {
    byte > b' ' && byte != 0x7f
}

pub fn is_text_byte(byte: u8) -> bool {
    byte == b'\t' || byte >= b' ' && byte != 0x7f
}

pub fn is_host(value: &[u8]) -> bool {
    const LIMIT: usize = 255;
    if value.len() > LIMIT {
        return false;
    }
    let colon = value.iter().rposition(|&byte| byte == b':');
    let (host, port) = match colon {
        Some(colon) if !value.ends_with(b"]") => value.split_at(colon),
        _ => (value, &b":"[..]),
    };
    let is_host = match host {
        [b'[', address @ .., b']'] => is_address(address),
        name => is_name(name.strip_suffix(b".").unwrap_or(name)),
    };
    is_host && is_port(&port[1..])
}

fn is_address(text: &[u8]) -> bool {
    str::from_utf8(text).is_ok_and(|text| text.parse::<Ipv6Addr>().is_ok())
}

fn is_name(name: &[u8]) -> bool {
    let mut before = b'.';
    for (at, &byte) in name.iter().enumerate() {
        let fits = match byte {
            b'.' => before != b'.',
            b'%' => is_escape(&name[at..]),
            _ => is_name_byte(byte),
        };
        if !fits {
            return false;
        }
        before = byte;
    }
    before != b'.'
}

fn is_name_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"-._~%!$&'()*+,;=".contains(&byte)
}

fn is_port(digits: &[u8]) -> bool {
    let mut number = 0_u32;
    digits.iter().all(|&digit| {
        number = number * 10 + u32::from(digit.wrapping_sub(b'0'));
        digit.is_ascii_digit() && number <= u32::from(u16::MAX)
    })
}

fn is_escape(text: &[u8]) -> bool {
    matches!(text, [b'%', a, b, ..] if a.is_ascii_hexdigit() && b.is_ascii_hexdigit())
}
