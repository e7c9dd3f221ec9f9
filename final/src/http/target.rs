//! What a request asks for (RFC 9112, section 3.2; RFC 3986).

use std::borrow::Cow;

use percent_encoding::{AsciiSet, CONTROLS, percent_decode_str, percent_encode};

use super::Status;
use super::head::is_host;

/// What a path segment's text can't hold as it is (RFC 3986, section 3.3).
const ENCODED: &AsciiSet = &CONTROLS
    .add(b' ')
    .add(b'"')
    .add(b'#')
    .add(b'%')
    .add(b'/')
    .add(b'<')
    .add(b'>')
    .add(b'?')
    .add(b'[')
    .add(b'\\')
    .add(b']')
    .add(b'^')
    .add(b'`')
    .add(b'{')
    .add(b'|')
    .add(b'}');

/// A target's path, decoded and with its dot segments resolved, and its query.
#[derive(Debug, PartialEq)]
pub struct Target<'a> {
    segments: Vec<Cow<'a, [u8]>>,
    is_folder: bool,
    query: Option<&'a str>,
}

impl<'a> Target<'a> {
    /// Takes a target in origin-form or absolute-form apart.
    ///
    /// 400 for another form, a `%` without two hexadecimal digits, or a NUL; 404 for a path
    /// that leads above the root, or a segment that holds a slash once it is decoded.
    pub fn parse(target: &'a str) -> Result<Target<'a>, Status> {
        let target = origin_form(target)?;
        let (path, query) = match target.split_once('?') {
            Some((path, query)) => (path, Some(query)),
            None => (target, None),
        };
        let mut target = Target { segments: Vec::new(), is_folder: true, query };
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

    /// The names on the way from the root; none is empty, `.` or `..`, or holds a slash.
    pub fn segments(&self) -> impl Iterator<Item = &[u8]> {
        self.segments.iter().map(|segment| &**segment)
    }

    /// Whether the path ends where a folder's does: in a slash or a dot segment.
    pub fn is_folder(&self) -> bool {
        self.is_folder
    }

    /// The same path with a slash at its end, encoded, and the same query.
    pub fn with_slash(&self) -> String {
        let mut text = String::from("/");
        for segment in &self.segments {
            text.extend(percent_encode(segment, ENCODED));
            text.push('/');
        }
        if let Some(query) = self.query {
            text.push('?');
            text.push_str(query);
        }
        text
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
