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
    fields: Rc<str>,
}

pub enum Content {
    Bytes(Arc<[u8]>),
    File(Rc<File>, u64),
}

impl Representation {
    pub fn new(
        content: Content,
        type_fields: &str,
        validators: Validators,
    ) -> Representation {
        let mut fields = type_fields.to_string();
        let Validators { etag, modified } = &validators;
        let _ = write!(fields, "ETag: {etag}\r\n");
        if let Some(modified) = modified {
            let _ = write!(fields, "Last-Modified: {modified}\r\n");
        }
        Representation { content, validators, fields: fields.into() }
    }

    pub fn whole(&self) -> Response {
        let body = match &self.content {
            Content::Bytes(bytes) => Body::Shared(Arc::clone(bytes)),
            Content::File(file, length) => Body::File(Rc::clone(file), *length),
        };
        Response { status: Status::Ok, fields: Rc::clone(&self.fields), body }
    }
}
