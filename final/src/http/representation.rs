//! One version of something, whole or in parts (RFC 9110, sections 3.2, 8.8 and 15.3.7).

use std::fmt::Write;
use std::fs::File;
use std::hash::{BuildHasher, RandomState};
use std::ops::Range;
use std::sync::Arc;

use super::conditions::{Conditions, Validators};
use super::range::{Selection, select};
use super::response::{Body, Response};
use super::status::Status;

/// One version of a file or a paste, with what is said of it.
pub struct Representation {
    /// Its bytes.
    pub content: Content,
    /// What tells it from other versions.
    pub validators: Validators,
    /// The lines of a head that are the same in each response: those on its type and its coding, and
    /// after them what tells it from other versions.
    fields: Arc<str>,
    /// How long those on its type and its coding are.
    type_length: usize,
}

/// Where the bytes of a representation are.
pub enum Content {
    /// Here.
    Bytes(Arc<[u8]>),
    /// In an open file, so many of them.
    File(Arc<File>, u64),
}

impl Representation {
    /// A version of what these lines of a head describe.
    pub fn new(
        content: Content,
        type_fields: &str,
        validators: Validators,
    ) -> Representation {
        let mut fields = type_fields.to_string();
        let type_length = fields.len();
        let Validators { etag, modified } = &validators;
        let _ = write!(fields, "Accept-Ranges: bytes\r\nETag: {etag}\r\n");
        if let Some(modified) = modified {
            let _ = write!(fields, "Last-Modified: {modified}\r\n");
        }
        Representation { content, validators, fields: fields.into(), type_length }
    }

    /// The same, which caches ask about each time before they use it (RFC 9111, section 5.2.2.4).
    pub fn no_cache(mut self) -> Representation {
        self.fields = [&self.fields, "Cache-Control: no-cache\r\n"].concat().into();
        self
    }

    /// Whether its bytes are being sent to somebody, or are elsewhere for another reason.
    pub fn is_shared(&self) -> bool {
        match &self.content {
            Content::Bytes(bytes) => Arc::strong_count(bytes) > 1,
            Content::File(file, _) => Arc::strong_count(file) > 1,
        }
    }

    /// The response to a GET or HEAD under these conditions.
    pub fn answer(&self, conditions: &Conditions) -> Response {
        if let Err(status) = conditions.check(&self.validators) {
            return self.instead(status);
        }
        let field = conditions.range(&self.validators);
        match field.map_or(Ok(Selection::Whole), |field| select(&field, self.length())) {
            Ok(Selection::Whole) => self.whole(),
            Ok(Selection::Part(range)) => self.part(range),
            Ok(Selection::Parts(ranges)) => self.parts(ranges),
            Err(status) => {
                let length = format_args!("bytes */{}", self.length());
                self.instead(status).with("Content-Range", length)
            }
        }
    }

    fn whole(&self) -> Response {
        let body = self.body(0..self.length());
        Response { status: Status::Ok, fields: Arc::clone(&self.fields), body }
    }

    fn part(&self, range: Range<u64>) -> Response {
        let content_range = self.content_range(&range);
        let response = Response { body: self.body(range), ..self.whole() };
        Response { status: Status::PartialContent, ..response }
            .with("Content-Range", content_range)
    }

    fn parts(&self, ranges: Vec<Range<u64>>) -> Response {
        let boundary = format!("{:016x}", RandomState::new().hash_one(()));
        let (own_type, validators) = self.fields.split_at(self.type_length);
        let mut parts = Vec::new();
        for range in ranges {
            let content_range = self.content_range(&range);
            parts.push(text(format!(
                "\r\n--{boundary}\r\n{own_type}Content-Range: {content_range}\r\n\r\n"
            )));
            parts.push(self.body(range));
        }
        parts.push(text(format!("\r\n--{boundary}--\r\n")));
        Response {
            status: Status::PartialContent,
            fields: validators.into(),
            body: Body::Parts(parts),
        }
        .with("Content-Type", format_args!("multipart/byteranges; boundary={boundary}"))
    }

    fn instead(&self, status: Status) -> Response {
        let response = Response::of(status);
        let fields = [&response.fields, &self.fields[self.type_length..]].concat();
        Response { fields: fields.into(), ..response }
    }

    fn content_range(&self, range: &Range<u64>) -> String {
        format!("bytes {}-{}/{}", range.start, range.end - 1, self.length())
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
            Content::File(file, _) => Body::File(Arc::clone(file), range),
        }
    }
}

fn text(text: String) -> Body {
    Body::Bytes(text.into())
}
