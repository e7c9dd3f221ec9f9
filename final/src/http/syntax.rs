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
    /// 505 for another major version, 400 for what is none.
    pub fn parse(text: &str) -> Result<Version, Status> {
        match text.strip_prefix("HTTP/").map(str::as_bytes) {
            Some(b"1.0") => Ok(Version::Http10),
            Some([b'1', b'.', b'1'..=b'9']) => Ok(Version::Http11),
            Some([b'0'..=b'9', b'.', b'0'..=b'9']) => Err(Status::VersionNotSupported),
            _ => Err(Status::BadRequest),
        }
    }
}

/// The values of all fields with this name.
pub fn values<'a>(fields: &[Header<'a>], name: &str) -> impl Iterator<Item = &'a [u8]> {
    let named = fields.iter().filter(move |field| field.name.eq_ignore_ascii_case(name));
    named.map(|field| field.value)
}

/// Whether a method or a field name may hold it (RFC 9110, section 5.6.2).
pub fn is_token_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte)
}

/// Whether a field's value may hold it (RFC 9110, section 5.5).
pub fn is_text_byte(byte: u8) -> bool {
    byte == b'\t' || byte >= b' ' && byte != 0x7f
}

/// Whether a Host field may hold it: a name or an address, and perhaps a port.
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
