use super::request::Request;

pub struct Target<'a> {
    path: &'a str,
}

impl<'a> Target<'a> {
    pub fn parse(request: &Request<'a>) -> Target<'a> {
        Target { path: request.target }
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
