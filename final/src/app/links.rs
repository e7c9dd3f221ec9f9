//! Short links.

use super::Site;
use crate::http::{Call, Response, Status, is_host};

/// How long a URL may be, in bytes.
pub const LINK_LIMIT: u64 = 2048;
/// How much room all links together have, in bytes.
pub const ROOM: usize = 4 * 1024 * 1024;

impl Site {
    /// Makes a link to the URL that is the body, under the key that the query gives, as in
    /// `key=rust`, or a random one.
    ///
    /// 422 for what isn't an http or https URL or a key, 409 for a key that is taken, 507 if
    /// there is no room.
    pub fn add_link(&mut self, call: Call) -> Response<'_> {
        let added = match str::from_utf8(call.body.trim_ascii()) {
            Ok(url) if is_url(url) => self.links.add(&call.query, url.to_string()),
            _ => Err(Status::UnprocessableContent),
        };
        self.added("/s/", added)
    }

    /// Redirects to a link's URL. What is no key may be a file's name.
    pub fn follow_link(&mut self, call: Call) -> Response<'_> {
        match self.links.get(&call.parameter) {
            Ok(url) => {
                Response { location: Some(url.into()), ..Response::of(Status::Found) }
            }
            Err(_) => self.files.answer(call),
        }
    }

    /// Takes a link away, or is 404.
    pub fn delete_link(&mut self, call: Call) -> Response<'_> {
        Response::of(match self.links.delete(&call.parameter) {
            Ok(()) => Status::NoContent,
            Err(status) => status,
        })
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
