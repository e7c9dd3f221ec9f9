//! Connections that stay: step 6, and from there on. RFC 9112, section 9.3.

use super::tables::{After, each_gets};
use crate::check::Check;
use crate::client::http::requests::{last_request, request, with_fields};
use crate::client::{Client, Options};
use crate::evidence::failure::{Attempt, Failure};
use crate::scene::Scene;

pub const CHECKS: &[Check] = &[
    Check::new(
        6,
        "a_connection_stays_for_the_next_request",
        "In HTTP/1.1 a connection stays open, and the next request on it is answered.",
        a_connection_stays_for_the_next_request,
    ),
    Check::new(
        6,
        "close_ends_the_connection",
        "A connection ends after a request that says close, among other tokens or not.",
        close_ends_the_connection,
    ),
    Check::new(
        6,
        "what_only_looks_like_close_ends_nothing",
        "A connection stays when Connection holds close only as a part of another word.",
        what_only_looks_like_close_ends_nothing,
    ),
    Check::new(
        6,
        "http_1_0_stays_only_if_asked_to",
        "In HTTP/1.0 a connection ends, unless the request says keep-alive.",
        http_1_0_stays_only_if_asked_to,
    ),
    Check::new(
        6,
        "an_empty_line_before_a_request_is_ignored",
        "An empty line before a request is ignored, and so are two.",
        an_empty_line_before_a_request_is_ignored,
    ),
    Check::new(
        6,
        "a_request_with_a_body_ends_the_connection",
        "Before bodies are read, a request with one gets 501; no byte of it is a request.",
        a_request_with_a_body_ends_the_connection,
    )
    .fault(),
];

fn a_connection_stays_for_the_next_request(scene: &mut Scene) -> Attempt {
    let mut a = scene.connect()?;
    for (method, target, status) in
        [("GET", "/", 200), ("GET", "/no-such-page", 404), ("HEAD", "/", 200)]
    {
        a.send(request(method, target))?;
        a.response_to(method)?.expect_status(status)?;
        a.expect_silence()?;
    }
    a.send(last_request("GET", "/"))?;
    a.response()?.expect_field("Connection", "close")?;
    a.expect_end()
}

fn close_ends_the_connection(scene: &mut Scene) -> Attempt {
    for fields in [
        "Connection: close",
        "Connection: Close",
        "connection:CLOSE",
        "Connection: keep-alive, close",
        "Connection: x,close\t, y",
        "Connection: ,close,",
        "Connection: x\r\nConnection: close",
        "Connection: close\r\nConnection: keep-alive",
    ] {
        let mut client = scene.connect_with(Options::QUIET)?;
        client.send(request("GET", "/"))?;
        client.quiet_response("GET")?.expect_status(200)?;
        client.send(with_fields("HTTP/1.1", fields))?;
        let response = client.quiet_response("GET")?;
        response.expect_fact(
            &format!("the status after {fields:?}"),
            200,
            response.status,
        )?;
        response.expect_field("Connection", "close")?;
        client.expect_end()?;
        scene.note(format!("a request, and one with {fields:?} → 200, 200, and the end"));
    }
    Ok(())
}

fn what_only_looks_like_close_ends_nothing(scene: &mut Scene) -> Attempt {
    for fields in [
        "Connection: keep-alive",
        "Connection: closed",
        "Connection: not-close",
        "Connection: \"close\"",
        "Connection: clo se",
        "Connection:",
        "X-Connection: close",
        "X: close",
    ] {
        let mut client = scene.connect_with(Options::QUIET)?;
        for _ in 0..2 {
            client.send(with_fields("HTTP/1.1", fields))?;
            client.quiet_response("GET")?.expect_status(200)?;
        }
        scene.note(format!("two requests with {fields:?} → 200, 200"));
    }
    let mut client = scene.connect_with(Options::QUIET)?;
    for _ in 0..2 {
        client.send(with_fields("HTTP/1.2", "X: y"))?;
        client.quiet_response("GET")?.expect_status(200)?;
    }
    scene.note("two requests in HTTP/1.2 → 200, 200");
    Ok(())
}

fn http_1_0_stays_only_if_asked_to(scene: &mut Scene) -> Attempt {
    let mut a = scene.connect()?;
    for _ in 0..2 {
        a.send(with_fields("HTTP/1.0", "Connection: Keep-Alive"))?;
        let stays = a.response()?;
        stays.expect_status(200)?;
        stays.expect_field("Connection", "keep-alive")?;
        a.expect_silence()?;
    }
    a.send(with_fields("HTTP/1.0", "X: y"))?;
    a.response()?.expect_status(200)?;
    a.expect_end()?;
    let mut b = scene.connect()?;
    b.send(with_fields("HTTP/1.0", "Connection: keep-alive, close"))?;
    b.response()?.expect_field("Connection", "close")?;
    b.expect_end()
}

fn an_empty_line_before_a_request_is_ignored(scene: &mut Scene) -> Attempt {
    let heads =
        ["\r\n", "\r\n\r\n"].map(|lines| lines.to_owned() + &last_request("GET", "/"));
    each_gets(scene, 200, After::Answer, heads)?;
    // Where a client sends one too many: behind a request.
    let mut client = scene.connect_with(Options::QUIET)?;
    for _ in 0..3 {
        client.send(request("GET", "/") + "\r\n")?;
        client.quiet_response("GET")?.expect_status(200)?;
    }
    scene.note("three requests, each with an empty line behind it → 200, 200, 200");
    Ok(())
}

fn a_request_with_a_body_ends_the_connection(scene: &mut Scene) -> Attempt {
    let hidden = request("GET", "/");
    let length = hidden.len();
    let mut reads_bodies = 0;
    for (fields, body, clear) in [
        (format!("Content-Length: {length}"), hidden.clone(), true),
        (
            "Transfer-Encoding: chunked".into(),
            format!("{length:x}\r\n{hidden}\r\n0\r\n\r\n"),
            true,
        ),
        (
            format!("Content-Length: {length}\r\nTransfer-Encoding: x"),
            hidden.clone(),
            false,
        ),
    ] {
        let mut client = scene.connect()?;
        client.send(request("HEAD", "/"))?;
        client.response_to("HEAD")?.expect_status(200)?;
        client.send(with_fields("HTTP/1.1", &fields) + &body)?;
        let response = client.response()?;
        if clear && response.status != 501 && takes_a_request_behind_the_body(&mut client)
        {
            reads_bodies += 1;
            continue;
        }
        let ahead = reads_bodies > 0 && response.status == 400;
        response.expect_status(if ahead { 400 } else { 501 })?;
        response.expect_field("Connection", "close")?;
        client.expect_end()?;
    }
    match reads_bodies {
        0 => Ok(()),
        _ => Err(Failure::ahead("it reads bodies, and what comes behind is the request")),
    }
}

/// Whether one more request gets the one response that is still to come.
fn takes_a_request_behind_the_body(client: &mut Client) -> bool {
    let sent = client.send_unnoted(last_request("HEAD", "/").as_bytes());
    sent.is_ok() && client.quiet_response("HEAD").is_ok() && client.expect_end().is_ok()
}
