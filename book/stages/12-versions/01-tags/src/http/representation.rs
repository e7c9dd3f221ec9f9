use std::fmt::Write;
use std::rc::Rc;
use std::sync::Arc;

use super::conditions::Validators;
use super::response::{Body, Response};
use super::status::Status;

pub struct Representation {
    pub validators: Validators,
    bytes: Arc<[u8]>,
    fields: Rc<str>,
}

impl Representation {
    pub fn new(
        bytes: Arc<[u8]>,
        content_type: &str,
        validators: Validators,
    ) -> Representation {
        let mut fields = format!("Content-Type: {content_type}\r\n");
        let _ = write!(fields, "ETag: {}\r\n", validators.etag);
        Representation { bytes, validators, fields: fields.into() }
    }

    pub fn answer(&self) -> Response {
        let body = Body::Shared(Arc::clone(&self.bytes));
        Response { status: Status::Ok, fields: Rc::clone(&self.fields), body }
    }
}
