//! Short links.

use std::borrow::Cow;

use url::Url;

use super::Site;
use super::kept::unprocessable;
use crate::http::{Buffered, Call, Response, Status, Validators, is_host, tag_of};

/// How long a URL may be, in bytes, before it is encoded.
pub const LINK_LIMIT: u64 = 2048;

/// Where a link leads, and what tells it from another under the same key.
pub struct Link {
    url: String,
    /// What a DELETE may name.
    pub validators: Validators,
}

impl Site {
    /// Makes a link to the URL that is the body, encoded if need be. 422 with a reason for what
    /// isn't an http or https URL.
    pub fn add_link(&mut self, call: &Call, mut body: Buffered) -> Response {
        let text = str::from_utf8(body.bytes.trim_ascii());
        let url = match text.map_err(|_| "A URL is text in UTF-8.").and_then(encoded) {
            Ok(url) => url.into_owned(),
            Err(reason) => return unprocessable(reason),
        };
        if !body.room.resize(url.len()) {
            return Response::of(Status::InsufficientStorage);
        }
        let validators = Validators { etag: tag_of(&url), modified: None };
        self.links.add(call, Link { url, validators }, body.room, &self.files)
    }

    /// Redirects to a link's URL, unless there is a file at its place.
    pub fn follow_link(&mut self, call: &Call) -> Response {
        let redirect = |link: &Link| {
            Response::of(Status::Found)
                .with("Location", &link.url)
                .with("ETag", &link.validators.etag)
        };
        match self.links.answer(call, redirect) {
            Some(response) if !self.files.has(call.path) => response,
            _ => self.files.answer(call),
        }
    }
}

/// The URL as it may stand in a Location field, or why it can't. People paste URLs as their
/// browsers show them: spaces and other letters are percent-encoded, a host becomes punycode.
fn encoded(text: &str) -> Result<Cow<'_, str>, &'static str> {
    const NO_WEB: &str = "A link leads to a URL that begins with http:// or https://.";
    let (scheme, rest) = text.split_once("://").ok_or(NO_WEB)?;
    if !["http", "https"].iter().any(|web| scheme.eq_ignore_ascii_case(web)) {
        return Err(NO_WEB);
    }
    if text.contains(char::is_control) {
        return Err("A URL is one line, without control characters.");
    }
    let host = rest.split(['/', '?', '#']).next().unwrap_or(rest);
    if host.is_empty() {
        return Err("The URL names no host.");
    }
    if host.contains('@') {
        return Err("A link carries no user name and no password.");
    }
    if is_host(host.as_bytes()) && rest.bytes().all(|byte| byte.is_ascii_graphic()) {
        return Ok(text.into());
    }
    match Url::parse(text) {
        Ok(url) => Ok(String::from(url).into()),
        Err(_) => {
            Err("The URL's host is none: a name, or an address, and perhaps a port.")
        }
    }
}
