use std::hash::{DefaultHasher, Hash, Hasher};

use httparse::Header;
use httpdate::HttpDate;

use super::method::Method;
use super::status::Status;
use super::syntax::values;

const IF_MATCH: &str = "if-match";
const NAMES: [&str; 1] = [IF_MATCH];

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
        let is_condition = |field: &&Header| {
            NAMES.iter().any(|name| field.name.eq_ignore_ascii_case(name))
        };
        let fields = fields.iter().filter(is_condition).copied().collect();
        Ok(Conditions { method, fields })
    }

    pub fn check(&self, own: &Validators) -> Result<(), Status> {
        let is_another = match values(&self.fields, IF_MATCH).next() {
            Some(tag) => tag != own.etag.as_bytes(),
            None => false,
        };
        if is_another {
            return Err(Status::PreconditionFailed);
        }
        Ok(())
    }
}

pub fn tag_of(version: impl Hash) -> String {
    let mut hasher = DefaultHasher::new();
    version.hash(&mut hasher);
    format!("\"{:016x}\"", hasher.finish())
}
