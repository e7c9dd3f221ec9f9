use std::borrow::Cow;
use std::hash::{DefaultHasher, Hash, Hasher};

use httparse::Header;
use httpdate::HttpDate;

use super::method::Method;
use super::status::Status;
use super::syntax::values;

const IF_MATCH: &str = "if-match";
const IF_UNMODIFIED_SINCE: &str = "if-unmodified-since";
const IF_NONE_MATCH: &str = "if-none-match";
const IF_MODIFIED_SINCE: &str = "if-modified-since";
const IF_RANGE: &str = "if-range";
const RANGE: &str = "range";
const NAMES: [&str; 6] =
    [IF_MATCH, IF_UNMODIFIED_SINCE, IF_NONE_MATCH, IF_MODIFIED_SINCE, IF_RANGE, RANGE];
const LIMIT: usize = 1024;

pub struct Validators {
    pub etag: String,
    pub modified: Option<HttpDate>,
}

pub struct Conditions<'a> {
    method: Method,
    fields: Vec<Header<'a>>,
}

impl<'a> Conditions<'a> {
    pub fn of(method: Method, fields: &[Header<'a>]) -> Result<Conditions<'a>, Status> {
        const FIELDS: usize = 16;
        let is_condition = |field: &&Header| {
            NAMES.iter().any(|name| field.name.eq_ignore_ascii_case(name))
        };
        let fields: Vec<_> = fields.iter().filter(is_condition).copied().collect();
        let conditions =
            fields.iter().filter(|field| !field.name.eq_ignore_ascii_case(RANGE));
        let length: usize = conditions.map(|field| field.value.len()).sum();
        match fields.len() > FIELDS || length > LIMIT {
            true => Err(Status::HeadTooLarge),
            false => Ok(Conditions { method, fields }),
        }
    }

    pub fn check(&self, own: &Validators) -> Result<(), Status> {
        if self.fields.is_empty() {
            return Ok(());
        }
        let is_another = match (self.get(IF_MATCH), self.get(IF_UNMODIFIED_SINCE)) {
            (Some(list), _) => list != "*" && !has_member(&list, &own.etag),
            (None, Some(date)) => own.is_newer_than(&date) == Some(true),
            (None, None) => false,
        };
        if is_another {
            return Err(Status::PreconditionFailed);
        }
        let is_known = match (self.get(IF_NONE_MATCH), self.get(IF_MODIFIED_SINCE)) {
            (Some(list), _) => list == "*" || list.contains(&own.etag),
            (None, Some(date)) if self.method.reads() => {
                own.is_newer_than(&date) == Some(false)
            }
            (None, _) => false,
        };
        match (is_known, self.method.reads()) {
            (false, _) => Ok(()),
            (true, true) => Err(Status::NotModified),
            (true, false) => Err(Status::PreconditionFailed),
        }
    }

    pub fn range(&self, own: &Validators) -> Option<Cow<'_, str>> {
        let length: usize = values(&self.fields, RANGE).map(<[u8]>::len).sum();
        if length == 0 || length > LIMIT {
            return None;
        }
        let is_same = self.get(IF_RANGE).is_none_or(|tag| tag == own.etag);
        self.get(RANGE).filter(|_| is_same && self.method == Method::Get)
    }

    fn get(&self, name: &str) -> Option<Cow<'_, str>> {
        let values = values(&self.fields, name).map(String::from_utf8_lossy);
        values.reduce(|mut list, value| {
            list.to_mut().extend([",", &value]);
            list
        })
    }
}

impl Validators {
    fn is_newer_than(&self, date: &str) -> Option<bool> {
        let date: HttpDate = date.parse().ok()?;
        Some(self.modified? > date)
    }
}

fn has_member(list: &str, etag: &str) -> bool {
    list.match_indices(etag).any(|(at, _)| {
        let before = list[..at].trim_ascii_end();
        let after = list[at + etag.len()..].trim_ascii_start();
        matches!(before.as_bytes(), [] | [.., b','])
            && matches!(after.as_bytes(), [] | [b',', ..])
    })
}

pub fn tag_of(version: impl Hash) -> String {
    let mut hasher = DefaultHasher::new();
    version.hash(&mut hasher);
    format!("\"{:016x}\"", hasher.finish())
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, UNIX_EPOCH};

    use super::*;
    use crate::http::request::Request;

    const DATE: &str = "Sat, 29 Oct 1994 19:43:31 GMT";
    const BEFORE: &str = "Sat, 29 Oct 1994 19:43:30 GMT";

    fn status(method: &str, fields: &str) -> u16 {
        let modified = UNIX_EPOCH + Duration::from_millis(783_459_811_500);
        let own = Validators { etag: "\"ab\"".into(), modified: Some(modified.into()) };
        let fields = fields.replace("DATE", DATE).replace("BEFORE", BEFORE);
        let head = format!("{method} / HTTP/1.1\r\nHost: a\r\n{fields}\r\n\r\n");
        let request = Request::parse(head.as_bytes()).expect("a head");
        match request.conditions.check(&own) {
            Ok(()) => 200,
            Err(status) => status.text()[..3].parse().expect("it starts with its code"),
        }
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
            ("If-None-Match: \"x\", W/\"ab\"", 304),
            ("If-None-Match: \"x\" \"ab\"", 304),
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
            ("If-Match: \"x\", W/\"ab\"", 412),
            ("If-Match: W/\"ab\", \"ab\"", 200),
            ("If-Match: \"x\"", 412),
            ("If-Match: \"x\",,\"ab\"\t, \"y\"", 200),
            ("If-Match: \"x\" \"ab\"", 412),
            ("If-Match: \"ab\" \"x\"", 412),
            ("If-Match: w/\"ab\"", 412),
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
            let expected = match expected {
                304 if fields.contains("If-None-Match") => 412,
                304 => 200,
                other => other,
            };
            assert_eq!(status("DELETE", fields), expected, "DELETE: {fields}");
        }
    }
}
