//! What is refused of links and pastes, and when: step 10, and from there on.

use super::posting::{LIMIT, posted};
use crate::check::Check;
use crate::checks::bodies::uploads::{expect_100, expect_status, expect_to_be_asked};
use crate::client::Client;
use crate::client::http::requests::{post, request, upload};
use crate::evidence::failure::Attempt;
use crate::evidence::text::{amount, quoted};
use crate::scene::Scene;
use crate::scene::site::noise;

pub const CHECKS: &[Check] = &[
    Check::new(
        10,
        "a_paste_that_waits_is_asked_for",
        "Expect: 100-continue on a paste is answered with 100, once, or 413 if it is too long.",
        a_paste_that_waits_is_asked_for,
    ),
    Check::new(
        10,
        "a_paste_too_long_is_refused",
        "A paste over its limit is 413: unread if its length says so, else at the limit.",
        a_paste_too_long_is_refused,
    ),
    Check::new(
        10,
        "a_taken_key_is_told_before_the_body",
        "A client that waits for 100 is told at once that its key is taken, or is none.",
        a_taken_key_is_told_before_the_body,
    ),
    Check::new(
        10,
        "a_422_says_why",
        "The body of a 422 says what is wrong: the key, the query or the URL.",
        a_422_says_why,
    ),
];

fn a_paste_that_waits_is_asked_for(scene: &mut Scene) -> Attempt {
    let mut a = scene.connect()?;
    expect_to_be_asked(&mut a, "/p", 201)?;
    let fields = "expect: 100-Continue\r\nTransfer-Encoding: chunked";
    expect_100(&mut a, "/p", fields, "1\r\n!\r\n0\r\n\r\n")?;
    expect_status(&mut a, 201)?;
    let too_long = LIMIT + 1;
    let fields = format!("Expect: 100-continue\r\nContent-Length: {too_long}");
    a.send(upload("/p", &fields))?;
    a.response()?.expect_status(413)?;
    a.expect_end()
}

fn a_paste_too_long_is_refused(scene: &mut Scene) -> Attempt {
    let mut a = scene.connect()?;
    a.send(upload("/p", &format!("Content-Length: {}", LIMIT + 1)))?;
    a.response()?.expect_status(413)?;
    a.expect_end()?;
    let mut b = scene.connect()?;
    b.send(upload("/p", "Transfer-Encoding: chunked"))?;
    let chunk = [b"10000\r\n", &noise(65_536)[..], b"\r\n"].concat();
    b.send_unnoted(&chunk.repeat(LIMIT / 65_536))?;
    b.note(format!("→ {} in chunks", amount(LIMIT)));
    b.send("1\r\n!\r\n")?;
    b.response()?.expect_status(413)?;
    b.expect_end()
}

fn a_taken_key_is_told_before_the_body(scene: &mut Scene) -> Attempt {
    for (target, key, status) in
        [("/s", "taken", 409), ("/p", "taken", 409), ("/p", "a.b", 422)]
    {
        let target = format!("{target}?key={key}");
        let mut a = scene.connect()?;
        if status == 409 {
            a.send(post(&target, b"https://example.org/"))?;
            a.response()?.expect_status(201)?;
        }
        for framing in ["Content-Length: 20", "Transfer-Encoding: chunked"] {
            let mut client = scene.connect()?;
            let fields = format!("Expect: 100-continue\r\n{framing}");
            client.send(upload(&target, &fields))?;
            let response = client.response()?;
            response.expect_status(status)?;
            response.expect_field("Connection", "close")?;
            client.expect_end()?;
        }
        // One that doesn't wait has its body passed over, and the connection stays.
        a.send(post(&target, b"https://example.org/"))?;
        a.response()?.expect_status(status)?;
        a.send(request("GET", "/"))?;
        expect_page(&mut a)?;
    }
    Ok(())
}

fn a_422_says_why(scene: &mut Scene) -> Attempt {
    let mut a = scene.connect()?;
    for (target, body, word) in [
        ("/s", "ftp://example.org/", "URL"),
        ("/s", "https://exam ple.org/", "URL"),
        ("/s?key=a.b", "https://example.org/", "key"),
        ("/p?key=", "x", "key"),
        ("/p?kay=x", "x", "query"),
        ("/p?x", "x", "query"),
    ] {
        let response = posted(&mut a, target, body.as_bytes())?;
        response.expect_status_of(target, 422)?;
        response.expect_field("Content-Type", "text/plain; charset=utf-8")?;
        let said = String::from_utf8_lossy(&response.body).to_lowercase();
        let has_it = said.contains(&word.to_lowercase());
        let expected = format!("a body that has the word {word:?}");
        a.expect_fact("what a 422 says", expected, quoted(&response.body), has_it)?;
        a.note(format!("POST {target}, {} → 422, and why", quoted(body.as_bytes())));
    }
    Ok(())
}

fn expect_page(client: &mut Client) -> Attempt {
    client.quiet_response("GET")?.expect_status(200)?;
    client.note("← HTTP/1.1 200 OK …");
    Ok(())
}
