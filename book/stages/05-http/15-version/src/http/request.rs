use super::status::Status;
use super::syntax::{Version, is_target_byte, is_token_byte};

pub struct Request<'a> {
    pub target: &'a str,
}

impl<'a> Request<'a> {
    pub fn parse(head: &'a [u8]) -> Result<Request<'a>, Status> {
        let (method, rest) = word(head, is_token_byte)?;
        let (target, rest) = word(rest, is_target_byte)?;
        let target = str::from_utf8(target).map_err(|_| Status::BadRequest)?;
        Version::parse(rest)?;

        if method != b"GET" && method != b"HEAD" {
            return Err(Status::NotImplemented);
        }
        Ok(Request { target })
    }
}

fn word(text: &[u8], fits: impl Fn(u8) -> bool) -> Result<(&[u8], &[u8]), Status> {
    let end = text.iter().position(|&byte| !fits(byte)).ok_or(Status::BadRequest)?;
    match text.split_at(end) {
        (word, [b' ', rest @ ..]) if !word.is_empty() => Ok((word, rest)),
        _ => Err(Status::BadRequest),
    }
}
