//! Pastes: texts that are kept under a key.

use super::Site;
use crate::http::{
    Buffered, Call, Content, PLAIN, Representation, Response, Validators, tag_of,
};

/// How long a paste may be, in bytes.
pub const PASTE_LIMIT: u64 = 1024 * 1024;

impl Site {
    /// Keeps the body.
    pub fn add_paste(&mut self, call: &Call, mut body: Buffered) -> Response {
        // What the body was given beyond its length goes back.
        body.room.resize(body.bytes.len());
        let validators = Validators { etag: tag_of(&body.bytes), modified: None };
        let content = Content::Bytes(body.bytes.into());
        let paste = Representation::new(content, PLAIN, validators);
        self.pastes.add(call, paste, body.room, &self.files)
    }

    /// A paste as plain text, whatever it is, unless there is a file at its place.
    pub fn show_paste(&mut self, call: &Call) -> Response {
        match self.pastes.answer(call, |paste| paste.answer(call.conditions)) {
            Some(response) if !self.files.has(call.path) => response,
            _ => self.files.answer(call),
        }
    }
}
