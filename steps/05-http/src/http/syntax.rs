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

pub fn is_token_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte)
}

pub fn is_target_byte(byte: u8) -> bool {
    byte.is_ascii_graphic()
}
