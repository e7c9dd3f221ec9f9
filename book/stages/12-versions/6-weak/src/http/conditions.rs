use std::borrow::Cow;
use std::hash::{DefaultHasher, Hash, Hasher};

use httparse::Header;
use httpdate::HttpDate;

use super::method::Method;
use super::status::Status;
use super::syntax::values;

const IF_MATCH: &str = "if-match";
const IF_NONE_MATCH: &str = "if-none-match";
const NAMES: [&str; 2] = [IF_MATCH, IF_NONE_MATCH];
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
        let length: usize = fields.iter().map(|field| field.value.len()).sum();
        match fields.len() > FIELDS || length > LIMIT {
            true => Err(Status::HeadTooLarge),
            false => Ok(Conditions { method, fields }),
        }
    }

    pub fn check(&self, own: &Validators) -> Result<(), Status> {
        if self.fields.is_empty() {
            return Ok(());
        }
        let is_another = match self.get(IF_MATCH) {
            Some(list) => list != "*" && !has_member(&list, &own.etag),
            None => false,
        };
        if is_another {
            return Err(Status::PreconditionFailed);
        }
        let is_known = match self.get(IF_NONE_MATCH) {
            Some(list) => list == "*" || list.contains(&own.etag),
            None => false,
        };
        match (is_known, self.method.reads()) {
            (false, _) => Ok(()),
            (true, true) => Err(Status::NotModified),
            (true, false) => Err(Status::PreconditionFailed),
        }
    }

    fn get(&self, name: &str) -> Option<Cow<'_, str>> {
        let values = values(&self.fields, name).map(String::from_utf8_lossy);
        values.reduce(|mut list, value| {
            list.to_mut().extend([",", &value]);
            list
        })
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
