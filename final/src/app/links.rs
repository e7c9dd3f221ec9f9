//! Short links.

use super::Site;
use super::kept::unprocessable;
use crate::http::{Buffered, Call, Response, Status, is_host};

/// How long a URL may be, in bytes.
pub const LINK_LIMIT: u64 = 2048;

impl Site {
    /// Makes a link to the URL that is the body. 422 for what isn't an http or https URL.
    pub fn add_link(&mut self, call: &Call, body: Buffered) -> Response<'_> {
        match str::from_utf8(body.bytes.trim_ascii()) {
            Ok(url) if is_url(url) => self.links.add(call, url.to_string(), body.room),
            _ => unprocessable("A link leads to an http or https URL, percent-encoded."),
        }
    }

    /// Redirects to a link's URL. What is no key may be a file's name.
    pub fn follow_link(&mut self, call: &Call) -> Response<'_> {
        match self.links.get(call) {
            Some(url) => Response::of(Status::Found).with("Location", url),
            None => self.files.answer(call),
        }
    }
}

/// Only what may stand in a Location field as it is: no space, no line end, nothing but ASCII.
fn is_url(text: &str) -> bool {
    let Some((scheme, rest)) = text.split_once("://") else {
        return false;
    };
    let is_web = ["http", "https"].iter().any(|web| scheme.eq_ignore_ascii_case(web));
    let host = rest.split(['/', '?', '#']).next().unwrap_or(rest);
    is_web && is_host(host.as_bytes()) && rest.bytes().all(|byte| byte.is_ascii_graphic())
}
