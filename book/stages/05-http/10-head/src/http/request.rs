use super::status::Status;
use super::syntax::{Version, is_token_byte};

pub struct Request<'a> {
    pub target: &'a str,
}

impl<'a> Request<'a> {
    pub fn parse(head: &'a [u8]) -> Result<Request<'a>, Status> {
        let end = memchr::memchr(b'\n', head).ok_or(Status::BadRequest)?;
        let (line, _) = head.split_at(end + 1);
        let (method, target, _) = request_line(line)?;

        if method != b"GET" && method != b"HEAD" {
            return Err(Status::NotImplemented);
        }
        Ok(Request { target })
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
