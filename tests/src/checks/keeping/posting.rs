//! How links and pastes are posted, and what a paste is when it comes back.

use crate::client::Client;
use crate::client::http::requests::{post, request};
use crate::client::http::response::Response;
use crate::evidence::failure::Attempt;

/// The most that a paste may have.
pub(crate) const LIMIT: usize = 1 << 20;

/// Posts without a word in the transcript; gives back what came.
pub(crate) fn posted(
    client: &mut Client,
    target: &str,
    body: &[u8],
) -> Attempt<Response> {
    client.send_unnoted(&post(target, body))?;
    client.quiet_response("POST")
}

/// The path of what was made by a POST to this target.
pub(crate) fn place_of(response: &Response, target: &str) -> Attempt<String> {
    response.expect_status(201)?;
    let place = response.relative_location(target)?;
    response.expect_body(format!("{place}\n"))?;
    Ok(place)
}

pub(crate) fn keep(client: &mut Client, target: &str) -> Attempt {
    client.send(post(target, b"https://example.org/"))?;
    client.quiet_response("POST")?.expect_status(201)?;
    client.note("← HTTP/1.1 201 Created …");
    Ok(())
}

pub(crate) fn expect_paste(client: &mut Client, place: &str, paste: &[u8]) -> Attempt {
    for method in ["HEAD", "GET"] {
        client.send_unnoted(request(method, place).as_bytes())?;
        let response = client.quiet_response(method)?;
        response.expect_status(200)?;
        response.expect_field("Content-Type", "text/plain; charset=utf-8")?;
        response.expect_field("X-Content-Type-Options", "nosniff")?;
        response.expect_field("Content-Length", &paste.len().to_string())?;
        if method == "GET" {
            response.expect_body(paste)?;
        }
    }
    Ok(())
}
