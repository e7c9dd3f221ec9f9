use super::Site;
use super::kept::unprocessable;
use crate::http::{Buffered, Call, Response, Status, is_host};

pub const LINK_LIMIT: u64 = 2048;

impl Site {
    pub fn add_link(&mut self, call: &Call, mut body: Buffered) -> Response {
        match str::from_utf8(body.bytes.trim_ascii()) {
            Ok(url) if is_url(url) => {
                body.room.resize(url.len());
                self.links.add(call, url.to_string(), body.room, &self.files)
            }
            _ => unprocessable("A link leads to an http or https URL, percent-encoded."),
        }
    }

    pub fn follow_link(&mut self, call: &Call) -> Response {
        match self.links.get(call) {
            Some(url) if !self.files.has(call.path) => {
                Response::of(Status::Found).with("Location", url)
            }
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
