//! Short links and pastes: step 10, and from there on.

use super::bodies::upload;
use super::http::request;
use super::routes::{expect_allowed, expect_not_allowed, expect_statuses};
use crate::check::{Attempt, Check};
use crate::client::Client;
use crate::http_client::Response;
use crate::scene::Scene;
use crate::site::noise;
use crate::transcript::{amount, quoted};

pub const CHECKS: &[Check] = &[
    Check::new(
        10,
        "a_link_leads_to_its_url",
        "POST /s with a URL makes a link: its key redirects there.",
        a_link_leads_to_its_url,
    ),
    Check::new(
        10,
        "a_key_is_given_or_drawn",
        "A key given is taken as it is, once; without one, each key is another.",
        a_key_is_given_or_drawn,
    ),
    Check::new(
        10,
        "only_the_web_is_linked_to",
        "What isn't an http or https URL is 422, and no field is written through one.",
        only_the_web_is_linked_to,
    ),
    Check::new(
        10,
        "a_paste_comes_back_byte_for_byte",
        "POST /p keeps what it is sent, GET gives it back as text that isn't sniffed.",
        a_paste_comes_back_byte_for_byte,
    ),
    Check::new(
        10,
        "what_is_deleted_is_gone",
        "DELETE takes a link or a paste away: it is 404, and its key is free.",
        what_is_deleted_is_gone,
    ),
    Check::new(
        10,
        "links_and_pastes_have_their_methods",
        "Allow says what may be done with links and pastes, and with one of them.",
        links_and_pastes_have_their_methods,
    ),
    Check::new(
        10,
        "a_key_is_found_however_it_is_spelled",
        "GET finds a paste by each spelling of its path, and by no other path.",
        a_key_is_found_however_it_is_spelled,
    ),
    Check::new(
        10,
        "only_the_plain_path_changes_anything",
        "POST and DELETE of a path that isn't spelled plainly are 404, and change nothing.",
        only_the_plain_path_changes_anything,
    ),
];

/// The most that a paste may have.
pub(super) const LIMIT: usize = 1 << 20;

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

/// The path of what was made by a POST to this target.
pub(super) fn place_of(response: &Response, target: &str) -> Attempt<String> {
    response.expect_status(201)?;
    let place = response.relative_location(target)?;
    response.expect_body(format!("{place}\n"))?;
    Ok(place)
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
        let link = place_of(&response, "/s")?;
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
    response.expect_location("/s", "/s/rust")?;
    a.send(post("/s?key=rust", b"https://example.org/"))?;
    a.response()?.expect_status(409)?;
    a.send(request("GET", "/s/rust"))?;
    a.response()?.expect_field("Location", "https://www.rust-lang.org/")?;
    for key in ["0", "A-b_9", &"x".repeat(64)] {
        let response = posted(&mut a, &format!("/p?key={key}"), b"x")?;
        response.expect_status(201)?;
        response.expect_location("/p", &format!("/p/{key}"))?;
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
        let drawn = posted(&mut a, "/s", b"https://example.org/")?;
        keys.push(place_of(&drawn, "/s")?);
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
            let place = place_of(&a.quiet_response("POST")?, "/p")?;
            expect_paste(&mut a, &place, &paste)?;
            a.note(format!("a paste of {}, sent {how}, comes back", amount(length)));
        }
    }
    let paste = b"a paste in pieces";
    a.drip(post_in_chunks("/p", paste, 10))?;
    let place = place_of(&a.quiet_response("POST")?, "/p")?;
    expect_paste(&mut a, &place, paste)?;
    a.note("it comes back");
    Ok(())
}

pub(super) fn expect_paste(client: &mut Client, place: &str, paste: &[u8]) -> Attempt {
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

fn links_and_pastes_have_their_methods(scene: &mut Scene) -> Attempt {
    let mut a = scene.connect()?;
    for (method, target, methods) in [
        ("PUT", "/s", "POST, OPTIONS"),
        ("DELETE", "/p", "POST, OPTIONS"),
        ("PATCH", "/p/x", "GET, HEAD, DELETE, OPTIONS"),
        ("POST", "/s/x", "GET, HEAD, DELETE, OPTIONS"),
    ] {
        a.send(request(method, target))?;
        expect_not_allowed(&mut a, methods)?;
    }
    for (target, methods) in [
        ("/s", "POST, OPTIONS"),
        ("/s/x", "GET, HEAD, DELETE, OPTIONS"),
        ("*", "GET, HEAD, POST, DELETE, OPTIONS"),
    ] {
        a.send(request("OPTIONS", target))?;
        expect_allowed(&mut a, methods)?;
    }
    Ok(())
}

fn a_key_is_found_however_it_is_spelled(scene: &mut Scene) -> Attempt {
    let mut a = scene.connect()?;
    keep(&mut a, "/p?key=once")?;
    expect_statuses(
        &mut a,
        &[
            ("/p/once", 200),
            ("/%70/%6fnce", 200),
            ("/%70/%6Fnce", 200),
            ("/./p//x/../once", 200),
            ("/p/once?x=%2", 200),
            ("/p/%256fnce", 404),
            ("/p%2fonce", 404),
            ("/p/once/", 404),
            ("/P/once", 404),
        ],
    )
}

fn keep(client: &mut Client, target: &str) -> Attempt {
    client.send(post(target, b"https://example.org/"))?;
    client.quiet_response("POST")?.expect_status(201)?;
    client.note("← HTTP/1.1 201 Created …");
    Ok(())
}

fn only_the_plain_path_changes_anything(scene: &mut Scene) -> Attempt {
    let mut a = scene.connect()?;
    for (place, target) in [("/s/key", "/s?key=key"), ("/p/key", "/p?key=key")] {
        keep(&mut a, target)?;
        let (own, key) = (&target[1..2], "key");
        let escaped = format!("%{:02x}", own.as_bytes()[0]);
        for spelled in [
            format!("//{own}/{key}"),
            format!("/./{own}/{key}"),
            format!("/{own}//{key}"),
            format!("/{own}/x/../{key}"),
            format!("/{own}/%6bey"),
            format!("/{escaped}/{key}"),
        ] {
            a.send(request("DELETE", &spelled))?;
            expect_no_change(&mut a, &spelled)?;
        }
        for spelled in [
            format!("//{own}"),
            format!("/./{own}"),
            format!("/x/../{own}"),
            format!("/{escaped}"),
        ] {
            a.send(post(&format!("{spelled}?key=new"), b"https://example.org/"))?;
            expect_no_change(&mut a, &spelled)?;
        }
        for (place, is_there) in [(place, true), (&place.replace("key", "new"), false)] {
            a.send(request("GET", place))?;
            let status = a.quiet_response("GET")?.status;
            let what = format!("whether {place} is there");
            a.expect_fact(&what, is_there, status != 404, is_there == (status != 404))?;
        }
        a.note("← the one is there, and the other isn't");
        a.send(request("DELETE", place))?;
        a.response()?.expect_status(204)?;
    }
    Ok(())
}

fn expect_no_change(client: &mut Client, target: &str) -> Attempt {
    let response = client.quiet_response("POST")?;
    response.expect_fact(&format!("the status of {target}"), 404, response.status)?;
    client.note("← HTTP/1.1 404 …");
    Ok(())
}
