//! Short links and pastes: step 8, and from there on.

use super::bodies::{expect_to_be_asked, upload};
use super::http::request;
use crate::check::{Attempt, Check};
use crate::client::Client;
use crate::http_client::Response;
use crate::scene::Scene;
use crate::site::noise;
use crate::transcript::{amount, quoted};

pub const CHECKS: &[Check] = &[
    Check::new(
        8,
        "a_link_leads_to_its_url",
        "POST /s with a URL makes a link: its key redirects there.",
        a_link_leads_to_its_url,
    ),
    Check::new(
        8,
        "a_key_is_given_or_drawn",
        "A key given is taken as it is, once; without one, each key is another.",
        a_key_is_given_or_drawn,
    ),
    Check::new(
        8,
        "only_the_web_is_linked_to",
        "What isn't an http or https URL is 422, and no field is written through one.",
        only_the_web_is_linked_to,
    ),
    Check::new(
        8,
        "a_paste_comes_back_byte_for_byte",
        "POST /p keeps what it is sent, GET gives it back as text that isn't sniffed.",
        a_paste_comes_back_byte_for_byte,
    ),
    Check::new(
        8,
        "a_paste_that_waits_is_asked_for",
        "Expect: 100-continue on a paste is answered with 100, once, or 413 if it is too long.",
        a_paste_that_waits_is_asked_for,
    ),
    Check::new(
        8,
        "what_is_deleted_is_gone",
        "DELETE takes a link or a paste away: it is 404, and its key is free.",
        what_is_deleted_is_gone,
    ),
    Check::new(
        8,
        "a_paste_too_long_is_refused",
        "A paste over its limit is 413: unread if its length says so, else at the limit.",
        a_paste_too_long_is_refused,
    ),
    Check::new(
        8,
        "too_many_are_refused",
        "When there is no more room a paste is 507, until one is deleted.",
        too_many_are_refused,
    ),
];

/// The most that a paste may have.
const LIMIT: usize = 1 << 20;

pub(super) fn post(target: &str, body: &[u8]) -> Vec<u8> {
    let head = upload(target, &format!("Content-Length: {}", body.len()));
    [head.as_bytes(), body].concat()
}

fn post_in_chunks(target: &str, body: &[u8], size: usize) -> Vec<u8> {
    let mut request = upload(target, "Transfer-Encoding: chunked").into_bytes();
    for chunk in body.chunks(size) {
        request.extend(format!("{:x}\r\n", chunk.len()).as_bytes());
        request.extend(chunk);
        request.extend(b"\r\n");
    }
    request.extend(b"0\r\n\r\n");
    request
}

/// Posts without a word in the transcript; gives back what came.
pub(super) fn posted(
    client: &mut Client,
    target: &str,
    body: &[u8],
) -> Attempt<Response> {
    client.send_unnoted(&post(target, body))?;
    client.quiet_response("POST")
}

pub(super) fn location(response: &Response) -> Attempt<String> {
    response.expect_status(201)?;
    let location = response.field("Location").unwrap_or_default();
    response.expect_body(format!("{location}\n"))?;
    Ok(location.to_string())
}

fn a_link_leads_to_its_url(scene: &mut Scene) -> Attempt {
    let mut a = scene.connect()?;
    for url in [
        "https://example.org",
        "http://example.org:8080/a%20b?c=d&e#f",
        "HTTPS://[::1]/\"<>'",
    ] {
        a.note(format!("→ POST /s, {}", quoted(url.as_bytes())));
        let response = posted(&mut a, "/s", url.as_bytes())?;
        let link = location(&response)?;
        a.note("← HTTP/1.1 201 Created …");
        for method in ["GET", "HEAD"] {
            a.send_unnoted(request(method, &link).as_bytes())?;
            let response = a.quiet_response(method)?;
            let redirects = matches!(response.status, 301 | 302 | 303 | 307 | 308);
            a.expect_fact("a redirect", "a status of 3xx", response.status, redirects)?;
            response.expect_field("Location", url)?;
            a.note(format!("{method} of the link → the URL"));
        }
    }
    Ok(())
}

fn a_key_is_given_or_drawn(scene: &mut Scene) -> Attempt {
    let mut a = scene.connect()?;
    a.send(post("/s?key=rust", b"https://www.rust-lang.org/"))?;
    let response = a.response()?;
    response.expect_field("Location", "/s/rust")?;
    a.send(post("/s?key=rust", b"https://example.org/"))?;
    a.response()?.expect_status(409)?;
    a.send(request("GET", "/s/rust"))?;
    a.response()?.expect_field("Location", "https://www.rust-lang.org/")?;
    for key in ["0", "A-b_9", &"x".repeat(64)] {
        let response = posted(&mut a, &format!("/p?key={key}"), b"x")?;
        response.expect_status(201)?;
        response.expect_field("Location", &format!("/p/{key}"))?;
    }
    a.note("keys of letters, digits, - and _, 64 at most → 201");
    for key in ["", "a/b", "a%62", "a.b", "%0d%0a", &"x".repeat(65)] {
        let target = format!("/p?key={key}");
        let response = posted(&mut a, &target, b"x")?;
        response.expect_fact(&format!("the status of {target}"), 422, response.status)?;
    }
    a.note("keys that are none → 422");
    let mut keys = Vec::new();
    for _ in 0..100 {
        keys.push(location(&posted(&mut a, "/s", b"https://example.org/")?)?);
    }
    keys.sort_unstable();
    keys.dedup();
    a.expect_fact("keys drawn, each another", 100, keys.len(), keys.len() == 100)?;
    a.note("a hundred links without a key → a hundred keys");
    Ok(())
}

fn only_the_web_is_linked_to(scene: &mut Scene) -> Attempt {
    let mut a = scene.connect()?;
    for url in [
        "",
        "example.org",
        "//example.org",
        "javascript:alert(1)",
        "javascript://example.org/%0aalert(1)",
        "data:text/html,x",
        "file:///etc/passwd",
        "ftp://example.org/",
        "http:/example.org",
        "http://",
        "https:///path",
        "https://exam ple.org/",
        "https://example.org/\r\nSet-Cookie: a=b",
        "https://example.org/\nSet-Cookie: a=b",
        "https://example.org/\u{e9}",
        "https://example.org/\0",
        "https://user@example.org/",
    ] {
        let response = posted(&mut a, "/s", url.as_bytes())?;
        response.expect_fact(&format!("the status of {url:?}"), 422, response.status)?;
        response.expect_no_field("Set-Cookie")?;
        a.note(format!("POST /s, {} → 422", quoted(url.as_bytes())));
    }
    Ok(())
}

fn a_paste_comes_back_byte_for_byte(scene: &mut Scene) -> Attempt {
    let mut a = scene.connect()?;
    for length in [0, 1, 65_536, LIMIT] {
        let paste = noise(length);
        for (sent, how) in [
            (post("/p", &paste), "at once"),
            (post_in_chunks("/p", &paste, 10_007), "in chunks"),
        ] {
            a.send_unnoted(&sent)?;
            let place = location(&a.quiet_response("POST")?)?;
            expect_paste(&mut a, &place, &paste)?;
            a.note(format!("a paste of {}, sent {how}, comes back", amount(length)));
        }
    }
    let paste = b"a paste in pieces";
    a.drip(post_in_chunks("/p", paste, 10))?;
    let place = location(&a.quiet_response("POST")?)?;
    expect_paste(&mut a, &place, paste)?;
    a.note("it comes back");
    Ok(())
}

fn expect_paste(client: &mut Client, place: &str, paste: &[u8]) -> Attempt {
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

fn a_paste_that_waits_is_asked_for(scene: &mut Scene) -> Attempt {
    let mut a = scene.connect()?;
    expect_to_be_asked(&mut a, "/p", 201)?;
    let too_long = LIMIT + 1;
    let fields = format!("Expect: 100-continue\r\nContent-Length: {too_long}");
    a.send(upload("/p", &fields))?;
    a.response()?.expect_status(413)?;
    a.expect_end()
}

fn what_is_deleted_is_gone(scene: &mut Scene) -> Attempt {
    let mut a = scene.connect()?;
    for (target, place) in [("/s?key=gone", "/s/gone"), ("/p?key=gone", "/p/gone")] {
        for _ in 0..2 {
            a.send(post(target, b"https://example.org/"))?;
            a.response()?.expect_status(201)?;
            a.send(request("DELETE", place))?;
            a.response()?.expect_status(204)?;
            for method in ["GET", "DELETE"] {
                a.send(request(method, place))?;
                a.response()?.expect_status(404)?;
            }
        }
    }
    Ok(())
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

fn too_many_are_refused(scene: &mut Scene) -> Attempt {
    const MOST: usize = 1000;
    let paste = noise(LIMIT);
    let mut a = scene.connect()?;
    let mut first: Option<String> = None;
    for number in 0..=MOST {
        let response = posted(&mut a, "/p", &paste)?;
        if response.status == 507 {
            a.note("← HTTP/1.1 507 …, to one paste too many");
            let first = first.unwrap_or_default();
            a.send_unnoted(request("DELETE", &first).as_bytes())?;
            a.quiet_response("DELETE")?.expect_status(204)?;
            location(&posted(&mut a, "/p", &paste)?)?;
            a.note("deletes one → 204; another takes its room → 201");
            return posted(&mut a, "/p", &paste)?.expect_status(507);
        }
        let place = location(&response)?;
        first.get_or_insert(place);
        a.expect_fact("pastes of a mebibyte kept", MOST, number, number < MOST)?;
    }
    Ok(())
}
