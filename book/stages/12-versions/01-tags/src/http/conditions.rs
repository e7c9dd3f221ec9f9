use std::hash::{DefaultHasher, Hash, Hasher};

pub struct Validators {
    pub etag: String,
}

pub fn tag_of(version: impl Hash) -> String {
    let mut hasher = DefaultHasher::new();
    version.hash(&mut hasher);
    format!("\"{:016x}\"", hasher.finish())
}
