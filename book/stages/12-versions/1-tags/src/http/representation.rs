use std::sync::Arc;

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

    pub fn answer(&self) -> Response {
        let body = Body::Shared(Arc::clone(&self.bytes));
        Response { status: Status::Ok, fields: Rc::clone(&self.fields), body }
    }
}
