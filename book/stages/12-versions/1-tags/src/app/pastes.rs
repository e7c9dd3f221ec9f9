use super::Site;
use crate::http::{
    Buffered, Call, Content, Representation, Response, Validators, tag_of,
};

pub const PASTE_LIMIT: u64 = 1024 * 1024;

impl Site {
    pub fn add_paste(&mut self, call: &Call, body: Buffered) -> Response {
        let validators = Validators { etag: tag_of(&body.bytes), modified: None };
        let content = Content::Bytes(body.bytes.into());
        let paste = Representation::new(content, "text/plain; charset=utf-8", validators);
        self.pastes.add(call, paste, body.room)
    }

    pub fn show_paste(&mut self, call: &Call) -> Response {
        match self.pastes.get(call) {
            Some(paste) if !self.files.has(call.path) => paste.whole(),
            _ => self.files.answer(call),
        }
    }
}
