use std::fmt::Write;
use std::fs::File;
use std::ops::Range;
use std::rc::Rc;
use std::sync::Arc;

use super::conditions::{Conditions, Validators};
use super::response::{Body, Response};
use super::status::Status;

pub struct Representation {
    pub content: Content,
    pub validators: Validators,
    fields: Rc<str>,
    type_length: usize,
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
        let type_length = fields.len();
        let Validators { etag, modified } = &validators;
        let _ = write!(fields, "ETag: {etag}\r\n");
        if let Some(modified) = modified {
            let _ = write!(fields, "Last-Modified: {modified}\r\n");
        }
        Representation { content, validators, fields: fields.into(), type_length }
    }

    pub fn answer(&self, conditions: &Conditions) -> Response {
        match conditions.check(&self.validators) {
            Ok(()) => self.whole(),
            Err(status) => self.instead(status),
        }
    }

    fn whole(&self) -> Response {
        let body = self.body(0..self.length());
        Response { status: Status::Ok, fields: Rc::clone(&self.fields), body }
    }

    fn instead(&self, status: Status) -> Response {
        let response = Response::of(status);
        let fields = [&response.fields, &self.fields[self.type_length..]].concat();
        Response { fields: fields.into(), ..response }
    }

    fn length(&self) -> u64 {
        match &self.content {
            Content::Bytes(bytes) => bytes.len() as u64,
            Content::File(_, length) => *length,
        }
    }

    fn body(&self, range: Range<u64>) -> Body {
        match &self.content {
            Content::Bytes(bytes) => Body::Shared(Arc::clone(bytes), range),
            Content::File(file, _) => Body::File(Rc::clone(file), range),
        }
    }
}
