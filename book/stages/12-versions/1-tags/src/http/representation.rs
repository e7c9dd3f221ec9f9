use std::fmt::Write;
use std::fs::File;
use std::rc::Rc;
use std::sync::Arc;

use super::conditions::Validators;
use super::response::{Body, Response};
use super::status::Status;

pub struct Representation {
    pub content: Content,
    pub validators: Validators,
    fields: String,
    type_length: usize,
}

pub enum Content {
    Bytes(Arc<[u8]>),
    File(Rc<File>, u64),
}

impl Representation {
    pub fn new(
        content: Content,
        content_type: &str,
        validators: Validators,
    ) -> Representation {
        let mut fields = format!("Content-Type: {content_type}\r\n");
        let type_length = fields.len();
        let Validators { etag } = &validators;
        let _ = write!(fields, "ETag: {etag}\r\n");
        Representation { content, validators, fields, type_length }
    }

    pub fn answer(&self) -> Response<'_> {
        self.whole()
    }

    fn whole(&self) -> Response<'_> {
        let body = match &self.content {
            Content::Bytes(bytes) => Body::Shared(Arc::clone(bytes)),
            Content::File(file, length) => Body::File(Rc::clone(file), *length),
        };
        Response { status: Status::Ok, fields: (&self.fields).into(), body }
    }
}
