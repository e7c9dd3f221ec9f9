//! Short links and their keys: step 10, and from there on.

use super::posting::{place_of, posted};
use crate::check::Check;
use crate::client::http::requests::{post, request};
use crate::evidence::failure::Attempt;
use crate::evidence::text::quoted;
use crate::scene::Scene;

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
];

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
        response.expect_status_of(target, 422)?;
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
        "https://example.org/\0",
        "https://user@example.org/",
    ] {
        let response = posted(&mut a, "/s", url.as_bytes())?;
        response.expect_status_of(format_args!("{url:?}"), 422)?;
        response.expect_no_field("Set-Cookie")?;
        a.note(format!("POST /s, {} → 422", quoted(url.as_bytes())));
    }
    Ok(())
}
