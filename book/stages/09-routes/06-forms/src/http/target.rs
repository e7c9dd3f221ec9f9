use super::method::Method;
use super::request::Request;
use super::status::Status;
use super::syntax::is_host;

pub struct Target<'a> {
    path: &'a str,
    is_asterisk: bool,
}

impl<'a> Target<'a> {
    pub fn parse(request: &Request<'a>) -> Result<Target<'a>, Status> {
        let is_asterisk = request.target == "*" && request.method == Method::Options;
        let target = if is_asterisk { "/" } else { origin_form(request.target)? };
        let (path, _) = target.split_once('?').unwrap_or((target, ""));
        Ok(Target { path, is_asterisk })
    }

    pub fn fits(&self, pattern: &str) -> Option<&str> {
        if self.is_asterisk {
            return Some("");
        }
        match pattern.strip_suffix('*') {
            Some(prefix) => {
                let name = self.path.strip_prefix(prefix)?;
                (!name.is_empty() && !name.contains('/')).then_some(name)
            }
            None => (self.path == pattern).then_some(""),
        }
    }
}

fn origin_form(target: &str) -> Result<&str, Status> {
    if target.starts_with('/') {
        return Ok(target);
    }
    let (scheme, rest) = target.split_once("://").ok_or(Status::BadRequest)?;
    if !scheme.eq_ignore_ascii_case("http") && !scheme.eq_ignore_ascii_case("https") {
        return Err(Status::BadRequest);
    }
    let end = rest.find(['/', '?']).unwrap_or(rest.len());
    let (host, target) = rest.split_at(end);
    if is_host(host.as_bytes()) { Ok(target) } else { Err(Status::BadRequest) }
}
