use std::hash::{DefaultHasher, Hash, Hasher};

use super::Site;
use crate::http::{Buffered, Call, Representation, Response};

pub const PASTE_LIMIT: u64 = 1024 * 1024;

impl Site {
    pub fn add_paste(&mut self, call: &Call, body: Buffered) -> Response {
        let mut hasher = DefaultHasher::new();
        body.bytes.hash(&mut hasher);
        let etag = format!("\"{:016x}\"", hasher.finish());
        let bytes = body.bytes.into();
        let paste = Representation::new(bytes, "text/plain; charset=utf-8", etag);
        self.pastes.add(call, paste, body.room)
    }

    pub fn show_paste(&mut self, call: &Call) -> Response {
        match self.pastes.get(call) {
            Some(paste) => paste.answer(call.conditions),
            None => self.files.answer(call),
        }
    }
}
