use super::Site;
use crate::http::{
    Buffered, Call, Content, PLAIN, Representation, Response, Validators, tag_of,
};

pub const PASTE_LIMIT: u64 = 1024 * 1024;

impl Site {
    pub fn add_paste(&mut self, call: &Call, mut body: Buffered) -> Response {
        body.room.resize(body.bytes.len());
        let validators = Validators { etag: tag_of(&body.bytes), modified: None };
        let content = Content::Bytes(body.bytes.into());
        let paste = Representation::new(content, PLAIN, validators);
        self.pastes.add(call, paste, body.room, &self.files)
    }

    pub fn show_paste(&mut self, call: &Call) -> Response {
        match self.pastes.get(call) {
            Some(paste) if !self.files.has(call.path) => paste.answer(call.conditions),
            _ => self.files.answer(call),
        }
    }
}
