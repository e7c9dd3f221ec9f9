use std::borrow::Cow;

use percent_encoding::percent_decode_str;

use super::head::is_host;
use super::{Method, Request, Status};

pub struct Target<'a> {
    pub query: &'a str,
    segments: Vec<Cow<'a, [u8]>>,
    is_folder: bool,
    is_asterisk: bool,
}

impl<'a> Target<'a> {
    pub const ANY: &'static str = "/**";

    pub fn parse(request: &Request<'a>) -> Result<Target<'a>, Status> {
        let is_asterisk = request.target == "*" && request.method == Method::Options;
        let target = if is_asterisk { "/" } else { origin_form(request.target)? };
        let (path, query) = target.split_once('?').unwrap_or((target, ""));
        let segments = Vec::new();
        let mut target = Target { query, segments, is_folder: true, is_asterisk };
        for segment in path.split('/').skip(1) {
            let segment = decode(segment)?;
            target.is_folder = matches!(&*segment, b"" | b"." | b"..");
            match &*segment {
                b"" | b"." => {}
                b".." => drop(target.segments.pop().ok_or(Status::NotFound)?),
                _ => target.segments.push(segment),
            }
        }
        Ok(target)
    }

    pub fn path(&self) -> Vec<u8> {
        let mut path = Vec::new();
        for segment in &self.segments {
            path.push(b'/');
            path.extend_from_slice(segment);
        }
        if self.is_folder {
            path.push(b'/');
        }
        path
    }

    pub fn fits(&self, path: &str) -> Option<&[u8]> {
        let mut parameter: &[u8] = b"";
        if self.is_asterisk || path == Target::ANY {
            return Some(parameter);
        }
        let names = path.split('/').filter(|name| !name.is_empty());
        let same_length = names.clone().count() == self.segments.len();
        if !same_length || self.is_folder != path.ends_with('/') {
            return None;
        }
        for (name, segment) in names.zip(&self.segments) {
            match name {
                "*" => parameter = segment,
                _ if name.as_bytes() != &**segment => return None,
                _ => {}
            }
        }
        Some(parameter)
    }
}

fn origin_form(target: &str) -> Result<&str, Status> {
    if target.starts_with('/') {
        return Ok(target);
    }
    let (scheme, rest) = target.split_once("://").ok_or(Status::BadRequest)?;
    if !scheme.eq_ignore_ascii_case("http") && !scheme.eq_ignore_ascii_case("https") {
        return Err(Status::BadRequest);
    }
    let end = rest.find(['/', '?']).unwrap_or(rest.len());
    match is_host(&rest.as_bytes()[..end]) {
        true => Ok(&rest[end..]),
        false => Err(Status::BadRequest),
    }
}

fn decode(segment: &str) -> Result<Cow<'_, [u8]>, Status> {
    let mut escapes = segment.split('%').skip(1).map(str::as_bytes);
    let is_escape =
        |text: &[u8]| text.len() >= 2 && text[..2].iter().all(u8::is_ascii_hexdigit);
    if !escapes.all(is_escape) {
        return Err(Status::BadRequest);
    }
    let decoded = Cow::from(percent_decode_str(segment));
    if decoded.contains(&0) {
        return Err(Status::BadRequest);
    }
    if decoded.contains(&b'/') {
        return Err(Status::NotFound);
    }
    Ok(decoded)
}
