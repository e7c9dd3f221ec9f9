use std::fs::File;
use std::hash::{BuildHasher, RandomState};
use std::ops::Range;
use std::rc::Rc;

use httpdate::HttpDate;

use super::range::Selection;
use super::{Body, Conditions, Response, Status};

pub struct Representation {
    pub content: Content,
    pub content_type: String,
    pub etag: String,
    pub modified: HttpDate,
    validators: String,
}

pub enum Content {
    Bytes(Vec<u8>),
    File(Rc<File>, u64),
}

impl Representation {
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

    pub fn length(&self) -> u64 {
        match &self.content {
            Content::Bytes(bytes) => bytes.len() as u64,
            Content::File(_, length) => *length,
        }
    }

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
