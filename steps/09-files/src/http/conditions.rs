use httpdate::HttpDate;

use super::head::values;
use super::range::{Selection, select};
use super::{Method, Representation, Request, Status};

pub struct Conditions {
    if_match: Option<Box<str>>,
    if_unmodified_since: Option<Box<str>>,
    if_none_match: Option<Box<str>>,
    if_modified_since: Option<Box<str>>,
    if_range: Option<Box<str>>,
    range: Option<Box<str>>,
}

impl Conditions {
    pub fn of(request: &Request) -> Conditions {
        let field = |name| {
            let values = values(request.fields, name).map(String::from_utf8_lossy);
            values.reduce(|list, value| format!("{list},{value}").into()).map(Box::from)
        };
        Conditions {
            if_match: field("if-match"),
            if_unmodified_since: field("if-unmodified-since"),
            if_none_match: field("if-none-match"),
            if_modified_since: field("if-modified-since"),
            if_range: field("if-range"),
            range: field("range").filter(|_| request.method == Method::Get),
        }
    }

    pub fn select(&self, own: &Representation) -> Result<Selection, Status> {
        let is_another = match (&self.if_match, &self.if_unmodified_since) {
            (Some(list), _) => &**list != "*" && !tags(list).any(|tag| tag == own.etag),
            (None, Some(date)) => own.is_newer_than(date) == Some(true),
            (None, None) => false,
        };
        if is_another {
            return Err(Status::PreconditionFailed);
        }
        let is_known = match (&self.if_none_match, &self.if_modified_since) {
            (Some(list), _) => {
                &**list == "*" || tags(list).any(|tag| strong(tag) == own.etag)
            }
            (None, Some(date)) => own.is_newer_than(date) == Some(false),
            (None, None) => false,
        };
        if is_known {
            return Err(Status::NotModified);
        }
        let is_same = self.if_range.as_ref().is_none_or(|tag| **tag == *own.etag);
        match &self.range {
            Some(range) if is_same => select(range, own.length()),
            _ => Ok(Selection::Whole),
        }
    }
}

impl Representation {
    fn is_newer_than(&self, date: &str) -> Option<bool> {
        let date: HttpDate = date.parse().ok()?;
        Some(self.modified > date)
    }
}

fn tags(list: &str) -> impl Iterator<Item = &str> {
    list.split(',').map(|tag| tag.trim_matches([' ', '\t']))
}

fn strong(tag: &str) -> &str {
    tag.strip_prefix("W/").unwrap_or(tag)
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, UNIX_EPOCH};

    use super::*;
    use crate::http::Content;
    use crate::http::head::NO_FIELDS;

    const DATE: &str = "Sat, 29 Oct 1994 19:43:31 GMT";
    const BEFORE: &str = "Sat, 29 Oct 1994 19:43:30 GMT";

    fn status(method: &str, fields: &str) -> u16 {
        let modified = UNIX_EPOCH + Duration::from_millis(783_459_811_500);
        let content = Content::Bytes(vec![b'x'; 10]);
        let (content_type, etag) = ("text/plain".into(), "\"ab\"".into());
        let own = Representation::new(content, content_type, etag, modified.into());

        let fields = fields.replace("DATE", DATE).replace("BEFORE", BEFORE);
        let head = format!("{method} / HTTP/1.1\r\nHost: a\r\n{fields}\r\n\r\n");
        let mut fields = NO_FIELDS;
        let request = Request::parse(head.as_bytes(), &mut fields).expect("a head");
        let status = own.answer(&Conditions::of(&request)).status.text();
        status[..3].parse().expect("a status starts with its code")
    }

    #[test]
    fn each_condition_is_heeded_in_its_order() {
        for (fields, expected) in [
            ("If-None-Match: \"ab\"", 304),
            ("If-None-Match: W/\"ab\"", 304),
            ("If-None-Match: \"x\", W/\"y\" ,\t,\"ab\"", 304),
            ("If-None-Match: \"x\"\r\nIf-None-Match: \"ab\"", 304),
            ("If-None-Match: *", 304),
            ("If-None-Match: \"a\"", 200),
            ("If-None-Match: ab", 200),
            ("If-None-Match: \"ab", 200),
            ("If-None-Match:", 200),
            ("If-None-Match: \"x\" \"ab\"", 200),
            ("If-None-Match: \"x,\" , \"ab\"", 304),
            ("If-None-Match: \"x,*,y\"", 200),
            ("If-Modified-Since: DATE", 304),
            ("If-Modified-Since: Saturday, 29-Oct-94 19:43:31 GMT", 304),
            ("If-Modified-Since: BEFORE", 200),
            ("If-Modified-Since: yesterday", 200),
            ("If-None-Match: \"x\"\r\nIf-Modified-Since: DATE", 200),
            ("If-None-Match: \"ab\"\r\nIf-Modified-Since: BEFORE", 304),
            ("If-Match: \"ab\"", 200),
            ("If-Match: \"x\", \"ab\"", 200),
            ("If-Match: *", 200),
            ("If-Match: W/\"ab\"", 412),
            ("If-Match: \"x\"", 412),
            ("If-Match: \"x\" \"ab\"", 412),
            ("If-Unmodified-Since: DATE", 200),
            ("If-Unmodified-Since: BEFORE", 412),
            ("If-Unmodified-Since: yesterday", 200),
            ("If-Match: \"ab\"\r\nIf-Unmodified-Since: BEFORE", 200),
            ("If-Match: \"x\"\r\nIf-None-Match: \"ab\"", 412),
            ("If-Match: \"ab\"\r\nIf-None-Match: \"ab\"", 304),
        ] {
            for method in ["GET", "HEAD"] {
                assert_eq!(status(method, fields), expected, "{method}: {fields}");
            }
        }
    }

    #[test]
    fn a_range_is_for_get_and_for_the_same_version() {
        for (fields, expected) in [
            ("Range: bytes=0-1", 206),
            ("Range: bytes=10-", 416),
            ("Range: bytes=0-1\r\nRange: bytes=2-3", 200),
            ("Range: bytes=0-1\r\nIf-Range: \"ab\"", 206),
            ("Range: bytes=10-\r\nIf-Range: \"ab\"", 416),
            ("Range: bytes=10-\r\nIf-Range: \"x\"", 200),
            ("Range: bytes=0-1\r\nIf-Range: W/\"ab\"", 200),
            ("Range: bytes=0-1\r\nIf-Range: DATE", 200),
            ("Range: bytes=0-1\r\nIf-None-Match: \"ab\"", 304),
            ("Range: bytes=0-1\r\nIf-Match: \"x\"", 412),
        ] {
            assert_eq!(status("GET", fields), expected, "{fields}");
            if expected == 206 || expected == 416 {
                assert_eq!(status("HEAD", fields), 200, "{fields}");
            }
        }
    }
}
