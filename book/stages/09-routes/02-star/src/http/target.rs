use super::request::Request;
use super::status::Status;

pub struct Target<'a> {
    path: &'a str,
}

impl<'a> Target<'a> {
    pub fn parse(request: &Request<'a>) -> Result<Target<'a>, Status> {
        if !request.target.starts_with('/') {
            return Err(Status::BadRequest);
        }
        Ok(Target { path: request.target })
    }

    pub fn fits(&self, pattern: &str) -> Option<&str> {
        match pattern.strip_suffix('*') {
            Some(prefix) => {
                let name = self.path.strip_prefix(prefix)?;
                (!name.is_empty() && !name.contains('/')).then_some(name)
            }
            None => (self.path == pattern).then_some(""),
        }
    }
}
