use std::hash::{DefaultHasher, Hash, Hasher};

use httpdate::HttpDate;

pub struct Validators {
    pub etag: String,
    pub modified: Option<HttpDate>,
}

pub fn tag_of(version: impl Hash) -> String {
    let mut hasher = DefaultHasher::new();
    version.hash(&mut hasher);
    format!("\"{:016x}\"", hasher.finish())
}
