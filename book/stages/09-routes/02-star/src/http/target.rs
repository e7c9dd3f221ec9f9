use std::borrow::Cow;

use super::request::Request;
use super::status::Status;

pub struct Target<'a> {
    path: Cow<'a, [u8]>,
}

impl<'a> Target<'a> {
    pub fn parse(request: &Request<'a>) -> Result<Target<'a>, Status> {
        if !request.target.starts_with('/') {
            return Err(Status::BadRequest);
        }
        Ok(Target { path: request.target.as_bytes().into() })
    }

    pub fn fits(&self, pattern: &str) -> Option<&[u8]> {
        match pattern.as_bytes() {
            [prefix @ .., b'*'] => {
                let name = self.path.strip_prefix(prefix)?;
                (!name.is_empty() && !name.contains(&b'/')).then_some(name)
            }
            path => (*self.path == *path).then_some(b""),
        }
    }
}
