use super::Site;
use crate::http::{Body, Call, Response, Status};

pub const PASTE_LIMIT: u64 = 1024 * 1024;
pub const ROOM: usize = 64 * 1024 * 1024;

impl Site {
    pub fn add_paste(&mut self, call: Call) -> Response<'_> {
        let added = self.pastes.add(&call.query, call.body.as_slice().into());
        self.added("/p/", added)
    }

    pub fn show_paste(&mut self, call: Call) -> Response<'_> {
        match self.pastes.get(&call.parameter) {
            Ok(paste) => {
                Response { body: Body::Bytes(paste), ..Response::of(Status::Ok) }
            }
            Err(_) => self.files.answer(call),
        }
    }

    pub fn delete_paste(&mut self, call: Call) -> Response<'_> {
        Response::of(match self.pastes.delete(&call.parameter) {
            Ok(()) => Status::NoContent,
            Err(status) => status,
        })
    }
}
