use super::Site;
use super::kept::unprocessable;
use crate::http::{Buffered, Call, Response, Status, Validators, is_host, tag_of};

pub const LINK_LIMIT: u64 = 2048;

pub struct Link {
    url: String,
    pub validators: Validators,
}

impl Site {
    pub fn add_link(&mut self, call: &Call, mut body: Buffered) -> Response {
        match str::from_utf8(body.bytes.trim_ascii()) {
            Ok(url) if is_url(url) => {
                body.room.resize(url.len());
                let validators = Validators { etag: tag_of(url), modified: None };
                let link = Link { url: url.to_string(), validators };
                self.links.add(call, link, body.room, &self.files)
            }
            _ => unprocessable("A link leads to an http or https URL, percent-encoded."),
        }
    }

    pub fn follow_link(&mut self, call: &Call) -> Response {
        match self.links.get(call) {
            Some(link) if !self.files.has(call.path) => Response::of(Status::Found)
                .with("Location", &link.url)
                .with("ETag", &link.validators.etag),
            _ => self.files.answer(call),
        }
    }
}

fn is_url(text: &str) -> bool {
    let Some((scheme, rest)) = text.split_once("://") else {
        return false;
    };
    let is_web = ["http", "https"].iter().any(|web| scheme.eq_ignore_ascii_case(web));
    let host = rest.split(['/', '?', '#']).next().unwrap_or(rest);
    is_web && is_host(host.as_bytes()) && rest.bytes().all(|byte| byte.is_ascii_graphic())
}
