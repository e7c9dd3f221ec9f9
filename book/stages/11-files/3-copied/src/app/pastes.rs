use super::Site;
use crate::http::{Buffered, Call, Response, Status};

pub const PASTE_LIMIT: u64 = 1024 * 1024;

impl Site {
    pub fn add_paste(&mut self, call: &Call, mut body: Buffered) -> Response {
        body.room.resize(body.bytes.len());
        self.pastes.add(call, body.bytes.into(), body.room, &self.files)
    }

    pub fn show_paste(&mut self, call: &Call) -> Response {
        match self.pastes.get(call) {
            Some(paste) if !self.files.has(call.path) => {
                Response { body: paste.to_vec(), ..Response::of(Status::Ok) }
            }
            _ => self.files.answer(call),
        }
    }
}
