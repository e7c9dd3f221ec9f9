//! One version of a file, whole or in parts (RFC 9110, sections 3.2, 8.8 and 15.3.7).

use std::fs::File;
use std::hash::{BuildHasher, RandomState};
use std::ops::Range;
use std::rc::Rc;

use httpdate::HttpDate;

use super::range::Selection;
use super::{Body, Conditions, Response, Status};

/// One version of a file, with what is said of it.
pub struct Representation {
    /// Its bytes.
    pub content: Content,
    /// Its media type, with parameters.
    pub content_type: String,
    /// Its strong ETag, quotes included.
    pub etag: String,
    /// When it was last modified, to the second.
    pub modified: HttpDate,
    /// The lines of a head that are the same in each response.
    validators: String,
}

/// Where the bytes of a representation are.
pub enum Content {
    /// Here.
    Bytes(Vec<u8>),
    /// In an open file, so many of them.
    File(Rc<File>, u64),
}

impl Representation {
    /// A version with these validators.
    pub fn new(
        content: Content,
        content_type: String,
        etag: String,
        modified: HttpDate,
    ) -> Representation {
        let validators = format!(
            "Accept-Ranges: bytes\r\n\
             ETag: {etag}\r\n\
             Last-Modified: {modified}\r\n"
        );
        Representation { content, content_type, etag, modified, validators }
    }

    /// How many bytes it has.
    pub fn length(&self) -> u64 {
        match &self.content {
            Content::Bytes(bytes) => bytes.len() as u64,
            Content::File(_, length) => *length,
        }
    }

    /// The response to a GET or HEAD under these conditions.
    pub fn answer(&self, conditions: &Conditions) -> Response<'_> {
        match conditions.select(self) {
            Ok(Selection::Whole) => self.whole(),
            Ok(Selection::Part(range)) => self.part(range),
            Ok(Selection::Parts(ranges)) => self.parts(ranges),
            Err(status) => Response {
                content_range: (status == Status::RangeNotSatisfiable)
                    .then(|| format!("bytes */{}", self.length())),
                validators: &self.validators,
                ..Response::of(status)
            },
        }
    }

    fn whole(&self) -> Response<'_> {
        Response {
            content_type: (&self.content_type).into(),
            validators: &self.validators,
            body: self.body(0..self.length()),
            ..Response::of(Status::Ok)
        }
    }

    fn part(&self, range: Range<u64>) -> Response<'_> {
        Response {
            status: Status::PartialContent,
            content_range: Some(self.content_range(&range)),
            body: self.body(range),
            ..self.whole()
        }
    }

    fn parts(&self, ranges: Vec<Range<u64>>) -> Response<'_> {
        let boundary = format!("{:016x}", RandomState::new().hash_one(()));
        let mut parts = Vec::new();
        for range in ranges {
            parts.push(Body::Text(format!(
                "\r\n--{boundary}\r\n\
                 Content-Type: {}\r\n\
                 Content-Range: {}\r\n\r\n",
                self.content_type,
                self.content_range(&range),
            )));
            parts.push(self.body(range));
        }
        parts.push(Body::Text(format!("\r\n--{boundary}--\r\n")));
        Response {
            status: Status::PartialContent,
            content_type: format!("multipart/byteranges; boundary={boundary}").into(),
            body: Body::Parts(parts),
            ..self.whole()
        }
    }

    fn content_range(&self, range: &Range<u64>) -> String {
        format!("bytes {}-{}/{}", range.start, range.end - 1, self.length())
    }

    fn body(&self, range: Range<u64>) -> Body<'_> {
        match &self.content {
            Content::Bytes(bytes) => {
                Body::Bytes(&bytes[range.start as usize..range.end as usize])
            }
            Content::File(file, _) => Body::File(file, range),
        }
    }
}
