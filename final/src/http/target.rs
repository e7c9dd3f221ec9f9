//! What a request asks for (RFC 9112, section 3.2; RFC 3986).

use std::borrow::Cow;

use percent_encoding::percent_decode_str;

use super::head::is_host;
use super::{Method, Request, Status};

/// A target's path, decoded and with its dot segments resolved, and its query.
pub struct Target<'a> {
    /// What follows the `?`, as it was sent; empty if there is none.
    pub query: &'a str,
    /// None is empty, `.` or `..`, or holds a slash.
    segments: Vec<Cow<'a, [u8]>>,
    /// Whether the path ends where a folder's does: in a slash or a dot segment.
    is_folder: bool,
    is_asterisk: bool,
}

impl<'a> Target<'a> {
    /// The path of a route that fits any target.
    pub const ANY: &'static str = "/**";

    /// Takes a target in origin-form, absolute-form or, for OPTIONS, asterisk-form apart.
    ///
    /// 400 for another form, a `%` without two hexadecimal digits, or a NUL; 404 for a path
    /// that leads above the root, or a segment that holds a slash once it is decoded.
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

    /// The path as a single text: a slash before each segment, and behind the last if it is a
    /// folder's.
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

    /// Whether this is a route's path; if so, what its `*` stands for.
    ///
    /// `OPTIONS *` fits all of them.
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

/// The target from its path on: an absolute-form loses scheme and authority.
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
