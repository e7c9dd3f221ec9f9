//! By what a client knows a version: its ETag and its date.

use std::time::SystemTime;

use crate::client::http::response::Response;
use crate::evidence::failure::Attempt;

/// As RFC 9110 writes it in its examples.
pub(crate) const DATE: &str = "Sun, 06 Nov 1994 08:49:37 GMT";
pub(crate) const BEFORE: &str = "Sun, 06 Nov 1994 08:49:36 GMT";
pub(crate) const AFTER: &str = "Sun, 06 Nov 1994 08:49:38 GMT";

/// What a server may have in memory, and what it sends from the file.
pub(crate) const LENGTHS: [usize; 2] = [10, 100_000];

pub(crate) fn etag(response: &Response) -> Attempt<String> {
    let etag = response.field("ETag").unwrap_or_default();
    let is_strong = etag.len() > 2 && etag.starts_with('"') && etag.ends_with('"');
    let received = if is_strong { "a strong one" } else { etag };
    response.expect_fact("the field ETag", "a strong one", received)?;
    Ok(etag.to_string())
}

pub(crate) fn date() -> SystemTime {
    httpdate::parse_http_date(DATE).expect("it is one")
}
