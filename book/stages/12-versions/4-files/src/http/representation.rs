use std::fs::File;
use std::rc::Rc;
use std::sync::Arc;

use super::conditions::Conditions;
use super::response::{Body, Response};
use super::status::Status;

pub struct Representation {
    pub content: Content,
    pub etag: String,
    fields: Rc<str>,
}

pub enum Content {
    Bytes(Arc<[u8]>),
    File(Rc<File>, u64),
}

impl Representation {
    pub fn new(content: Content, content_type: &str, etag: String) -> Representation {
        let fields = format!("Content-Type: {content_type}\r\nETag: {etag}\r\n");
        Representation { content, etag, fields }
    }

    pub fn answer(&self, conditions: &Conditions) -> Response {
        match conditions.check(&self.etag) {
            Ok(()) => self.whole(),
            Err(status) => self.instead(status),
        }
    }

    fn whole(&self) -> Response {
        let body = match &self.content {
            Content::Bytes(bytes) => Body::Shared(Arc::clone(bytes)),
            Content::File(file, length) => Body::File(Rc::clone(file), *length),
        };
        Response { status: Status::Ok, fields: Rc::clone(&self.fields), body }
    }

    fn instead(&self, status: Status) -> Response {
        Response::of(status).with("ETag", &self.etag)
    }
}
