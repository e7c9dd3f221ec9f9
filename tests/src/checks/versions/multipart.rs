//! A response with several parts of a file: RFC 9110, section 14.6, and RFC 2046, section 5.1.

use crate::client::http::response::Response;
use crate::evidence::failure::{Attempt, Failure};

/// One part of a file.
pub struct Part {
    /// Where in the file it begins.
    pub first: usize,
    pub content: Vec<u8>,
    pub media_type: String,
}

/// The parts of a file of this length.
pub fn parts(response: &Response, length: usize) -> Attempt<Vec<Part>> {
    let media_type = response.field("Content-Type").unwrap_or_default();
    let boundary = media_type.strip_prefix("multipart/byteranges; boundary=");
    let Some(boundary) = boundary.map(|text| text.trim_matches('"')) else {
        let expected = "multipart/byteranges; boundary=…";
        return Err(Failure::fact("the field Content-Type", expected, media_type));
    };
    let fault = |what: &str| Failure::fact("a multipart body", what, "something else");
    let delimiter = format!("--{boundary}");
    let mut rest = &response.body[..];
    rest = rest.strip_prefix(b"\r\n").unwrap_or(rest);
    let mut parts = Vec::new();
    loop {
        let after = rest.strip_prefix(delimiter.as_bytes());
        rest = after.ok_or_else(|| fault("a delimiter between parts"))?;
        if rest.starts_with(b"--") {
            return Ok(parts);
        }
        let head = rest.windows(4).position(|window| window == b"\r\n\r\n");
        let head = head.ok_or_else(|| fault("the end of a part's head"))?;
        let (fields, content) = rest.split_at(head + 4);
        let fields = String::from_utf8_lossy(fields);
        let field = |name: &str| {
            let mut lines = fields.lines().filter_map(|line| line.split_once(": "));
            let found = lines.find(|(own, _)| own.eq_ignore_ascii_case(name));
            found.map(|(_, value)| value.to_string()).unwrap_or_default()
        };
        let (first, last) = bounds(&field("Content-Range"), length)
            .ok_or_else(|| fault("Content-Range in each part"))?;
        let count = last - first + 1;
        if !content[count.min(content.len())..].starts_with(b"\r\n") {
            return Err(fault("parts as long as they say"));
        }
        rest = &content[count + 2..];
        let (content, media_type) = (content[..count].to_vec(), field("Content-Type"));
        parts.push(Part { first, content, media_type });
    }
}

/// `bytes 0-9/100`.
fn bounds(content_range: &str, length: usize) -> Option<(usize, usize)> {
    let (range, of) = content_range.strip_prefix("bytes ")?.split_once('/')?;
    let (first, last) = range.split_once('-')?;
    let (first, last) = (first.parse().ok()?, last.parse().ok()?);
    (of == length.to_string() && first <= last && last < length).then_some((first, last))
}
