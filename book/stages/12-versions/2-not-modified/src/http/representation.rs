use std::sync::Arc;

use super::conditions::Conditions;
use super::response::{Body, Response};
use super::status::Status;

pub struct Representation {
    bytes: Arc<[u8]>,
    pub etag: String,
    fields: Rc<str>,
}

impl Representation {
    pub fn new(bytes: Arc<[u8]>, content_type: &str, etag: String) -> Representation {
        let fields = format!("Content-Type: {content_type}\r\nETag: {etag}\r\n");
        Representation { bytes, etag, fields }
    }

    pub fn answer(&self, conditions: &Conditions) -> Response {
        match conditions.check(&self.etag) {
            Ok(()) => self.whole(),
            Err(status) => self.instead(status),
        }
    }

    fn whole(&self) -> Response {
        let body = Body::Shared(Arc::clone(&self.bytes));
        Response { status: Status::Ok, fields: Rc::clone(&self.fields), body }
    }

    fn instead(&self, status: Status) -> Response {
        Response::of(status).with("ETag", &self.etag)
    }
}
