use std::borrow::Cow;

use percent_encoding::{CONTROLS, percent_decode_str, utf8_percent_encode};

use super::method::Method;
use super::request::Request;
use super::status::Status;
use super::syntax::is_host;

pub struct Target<'a> {
    pub query: &'a str,
    pub moved: Option<String>,
    pub path: Cow<'a, [u8]>,
    is_asterisk: bool,
}

impl<'a> Target<'a> {
    pub const ANY: &'static str = "/**";

    pub fn parse(request: &Request<'a>) -> Result<Target<'a>, Status> {
        let is_asterisk = request.target == "*" && request.method == Method::Options;
        let target = if is_asterisk { "/" } else { origin_form(request.target)? };
        let reads = request.method.reads();
        let moved = match target.is_ascii() {
            true => None,
            false if reads && target.len() <= 512 => Some(encoded(target)),
            false => return Err(Status::BadRequest),
        };
        let (path, rest) = target.split_at(plain_length(target));
        if rest.contains('#') {
            return Err(Status::BadRequest);
        }
        let is_plain =
            path.starts_with('/') && matches!(rest.as_bytes(), [] | [b'?', ..]);
        let (path, query) = if is_plain {
            (path.as_bytes().into(), rest.strip_prefix('?').unwrap_or_default())
        } else {
            resolved(target)?
        };
        if !is_plain && !reads {
            return Err(Status::NotFound);
        }
        Ok(Target { query, path, moved, is_asterisk })
    }

    pub fn fits(&self, pattern: &str) -> Option<&[u8]> {
        if self.is_asterisk || pattern == Target::ANY {
            return Some(b"");
        }
        match pattern.as_bytes() {
            [prefix @ .., b'*'] => {
                let name = self.path.strip_prefix(prefix)?;
                (!name.is_empty() && !name.contains(&b'/')).then_some(name)
            }
            path => (*self.path == *path).then_some(b""),
        }
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
    let (host, target) = rest.split_at(end);
    if is_host(host.as_bytes()) { Ok(target) } else { Err(Status::BadRequest) }
}

fn encoded(target: &str) -> String {
    let path = target.split('?').next().unwrap_or_default();
    let first = path.find(|letter: char| !letter.is_ascii()).unwrap_or(path.len());
    let start = path[..first].rfind('/').map_or(0, |slash| slash + 1);
    let to_parent = match path[start..].matches('/').count() {
        0 => "./".into(),
        levels => "../".repeat(levels),
    };
    format!("{to_parent}{}", utf8_percent_encode(&target[start..], CONTROLS))
}

fn plain_length(target: &str) -> usize {
    let mut pairs = target.as_bytes().windows(2);
    let odd = pairs
        .position(|pair| matches!(pair, [_, b'%' | b'?' | b'#'] | [b'/', b'/' | b'.']));
    odd.map_or(target.len(), |first| first + 1)
}

fn resolved(target: &str) -> Result<(Cow<'_, [u8]>, &str), Status> {
    let (path, query) = target.split_once('?').unwrap_or((target, ""));
    let slashes = path.bytes().filter(|&byte| byte == b'/').count();
    if path.len() > 2048 || slashes > 64 {
        return Err(Status::NotFound);
    }
    let mut resolved = Vec::with_capacity(path.len() + 1);
    let mut is_folder = true;
    for segment in path.split('/').skip(1) {
        let segment = decoded(segment)?;
        is_folder = matches!(&*segment, b"" | b"." | b"..");
        if &*segment == b".." {
            let last = resolved.iter().rposition(|&byte| byte == b'/');
            resolved.truncate(last.ok_or(Status::NotFound)?);
        } else if !is_folder {
            resolved.push(b'/');
            resolved.extend_from_slice(&segment);
        }
    }
    if is_folder {
        resolved.push(b'/');
    }
    Ok((resolved.into(), query))
}

fn decoded(segment: &str) -> Result<Vec<u8>, Status> {
    let escapes = segment.bytes().filter(|&byte| byte == b'%').count();
    let decoded: Vec<u8> = percent_decode_str(segment).collect();
    if decoded.len() + 2 * escapes != segment.len() || decoded.contains(&0) {
        return Err(Status::BadRequest);
    }
    if decoded.contains(&b'/') {
        return Err(Status::NotFound);
    }
    Ok(decoded)
}
