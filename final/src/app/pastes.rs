//! Pastes: texts that are kept under a key.

use super::Site;
use crate::http::{Body, Call, Response, Status};

/// How long a paste may be, in bytes.
pub const PASTE_LIMIT: u64 = 1024 * 1024;
/// How much room all pastes together have, in bytes.
pub const ROOM: usize = 64 * 1024 * 1024;

impl Site {
    /// Keeps the body under the key that the query gives, or a random one; the errors are those
    /// of [`Site::add_link`].
    pub fn add_paste(&mut self, call: Call) -> Response<'_> {
        let added = self.pastes.add(&call.query, call.body.as_slice().into());
        self.added("/p/", added)
    }

    /// A paste as plain text, whatever it is. What is no key may be a file's name.
    pub fn show_paste(&mut self, call: Call) -> Response<'_> {
        match self.pastes.get(&call.parameter) {
            Ok(paste) => {
                Response { body: Body::Bytes(paste), ..Response::of(Status::Ok) }
            }
            Err(_) => self.files.answer(call),
        }
    }

    /// Takes a paste away, or is 404.
    pub fn delete_paste(&mut self, call: Call) -> Response<'_> {
        Response::of(match self.pastes.delete(&call.parameter) {
            Ok(()) => Status::NoContent,
            Err(status) => status,
        })
    }
}
