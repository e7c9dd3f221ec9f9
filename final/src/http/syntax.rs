//! What HTTP is made of: fields, tokens, versions, hosts.

use std::net::Ipv6Addr;

use httparse::Header;

use super::status::Status;

/// A version of HTTP/1; later minor ones count as 1.1 (RFC 9110, section 2.5).
#[derive(Clone, Copy, PartialEq)]
pub enum Version {
    Http10,
    Http11,
}

impl Version {
    /// The version at a request line's end, and the lines behind it.
    ///
    /// 505 for another major version, 400 for what is none.
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

static TOKEN_BYTES: [bool; 256] = letters_digits_and(b"!#$%&'*+-.^_`|~");
static NAME_BYTES: [bool; 256] = letters_digits_and(b"-._~%!$&'()*+,;=");
static TARGET_BYTES: [bool; 256] = visible_and_raw();

/// For each byte, whether it is a letter, a digit or one of these.
const fn letters_digits_and(others: &[u8]) -> [bool; 256] {
    let mut table = [false; 256];
    let mut byte = 0;
    while byte < table.len() {
        table[byte] = (byte as u8).is_ascii_alphanumeric();
        byte += 1;
    }
    let mut other = 0;
    while other < others.len() {
        table[others[other] as usize] = true;
        other += 1;
    }
    table
}

/// For each byte, whether it is neither a space nor an ASCII control character.
const fn visible_and_raw() -> [bool; 256] {
    let mut table = [true; 256];
    let mut byte = 0;
    while byte <= b' ' as usize {
        table[byte] = false;
        byte += 1;
    }
    table[0x7f] = false;
    table
}

/// The values of all fields with this name.
pub fn values<'a>(fields: &[Header<'a>], name: &str) -> impl Iterator<Item = &'a [u8]> {
    let named = fields.iter().filter(move |field| field.name.eq_ignore_ascii_case(name));
    named.map(|field| field.value)
}

/// A list, which may come in several fields (RFC 9110, section 5.6.1).
///
/// 431 if they are longer together than anybody has reason to send: nobody reads them then.
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

/// What is between the commas of a list.
pub fn words(list: &[u8]) -> impl Iterator<Item = &[u8]> {
    list.split(|&byte| byte == b',').map(<[u8]>::trim_ascii)
}

/// Whether a method or a field name may hold it (RFC 9110, section 5.6.2).
pub fn is_token_byte(byte: u8) -> bool {
    TOKEN_BYTES[usize::from(byte)]
}

/// Whether a target may hold it: no spaces and no ASCII control characters.
pub fn is_target_byte(byte: u8) -> bool {
    TARGET_BYTES[usize::from(byte)]
}

/// Whether a field's value may hold it (RFC 9110, section 5.5).
pub fn is_text_byte(byte: u8) -> bool {
    byte == b'\t' || byte >= b' ' && byte != 0x7f
}

/// Whether a Host field may hold it: a name or an address, and perhaps a port.
pub fn is_host(value: &[u8]) -> bool {
    // In bytes, with its port (RFC 3986, section 3.2.2).
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
    NAME_BYTES[usize::from(byte)]
}

fn is_port(digits: &[u8]) -> bool {
    let mut number = 0_u32;
    digits.iter().all(|&digit| {
        number = number * 10 + u32::from(digit.wrapping_sub(b'0'));
        digit.is_ascii_digit() && number <= u32::from(u16::MAX)
    })
}

/// Whether it begins with a `%` and two hexadecimal digits (RFC 3986, section 2.1).
fn is_escape(text: &[u8]) -> bool {
    matches!(text, [b'%', a, b, ..] if a.is_ascii_hexdigit() && b.is_ascii_hexdigit())
}
