use std::borrow::Cow;

use httparse::Header;
use httpdate::HttpDate;

use super::status::Status;
use super::syntax::values;

const IF_MATCH: &str = "if-match";
const IF_UNMODIFIED_SINCE: &str = "if-unmodified-since";
const IF_NONE_MATCH: &str = "if-none-match";
const IF_MODIFIED_SINCE: &str = "if-modified-since";
const NAMES: [&str; 4] =
    [IF_MATCH, IF_UNMODIFIED_SINCE, IF_NONE_MATCH, IF_MODIFIED_SINCE];

pub struct Validators {
    pub etag: String,
    pub modified: Option<HttpDate>,
}

pub struct Conditions<'a> {
    fields: Vec<Header<'a>>,
}

impl<'a> Conditions<'a> {
    pub fn of(fields: &[Header<'a>]) -> Conditions<'a> {
        let is_condition = |field: &&Header| {
            NAMES.iter().any(|name| field.name.eq_ignore_ascii_case(name))
        };
        let fields = fields.iter().filter(is_condition).copied().collect();
        Conditions { fields }
    }

    pub fn check(&self, own: &Validators) -> Result<(), Status> {
        if self.fields.is_empty() {
            return Ok(());
        }
        let is_known = match (self.get(IF_NONE_MATCH), self.get(IF_MODIFIED_SINCE)) {
            (Some(list), _) => {
                list == "*" || tags(&list).any(|tag| opaque_tag(tag) == own.etag)
            }
            (None, Some(date)) => own.is_newer_than(&date) == Some(false),
            (None, None) => false,
        };
        if is_known {
            return Err(Status::NotModified);
        }
        Ok(())
    }

    fn get(&self, name: &str) -> Option<Cow<'_, str>> {
        let values = values(&self.fields, name).map(String::from_utf8_lossy);
        values.reduce(|list, value| format!("{list},{value}").into())
    }
}

impl Validators {
    fn is_newer_than(&self, date: &str) -> Option<bool> {
        let date: HttpDate = date.parse().ok()?;
        Some(self.modified? > date)
    }
}

fn tags(list: &str) -> impl Iterator<Item = &str> {
    list.split(',').map(|tag| tag.trim_matches([' ', '\t']))
}

fn opaque_tag(tag: &str) -> &str {
    tag.strip_prefix("W/").unwrap_or(tag)
}
