//! Short links and pastes: step 10, and from there on.

use fastrand::Rng;

use super::bodies::{Ways, body, with_body};
use super::plan::Wanted;
use super::requests::{Request, head};
use crate::step::Step;

const REDIRECTS: &[u16] = &[301, 302, 303, 307, 308];

/// Puts something under a key that nobody else has, looks at it, and may take it away.
pub fn few(rng: &mut Rng, step: Step, client: u8, number: usize) -> Vec<Request> {
    let key = format!("{}{number}-{}", char::from(b'a' + client), rng.u16(..));
    let (place, mut all) = match rng.bool() {
        true => link(rng, &key),
        false => paste(rng, step, &key),
    };
    if rng.bool() {
        for (method, statuses) in [("DELETE", &[204][..]), ("DELETE", &[404])] {
            let request = head(rng, method, &place, "");
            all.push((request, Wanted::new(method, &place, statuses)));
        }
    }
    all
}

fn link(rng: &mut Rng, key: &str) -> (String, Vec<Request>) {
    let url = format!("https://example.org/{}", "x".repeat(rng.usize(0..500)));
    let (target, place) = (format!("/s?key={key}"), format!("/s/{key}"));
    let mut all = vec![added(rng, &target, &place, url.as_bytes())];
    for method in ["GET", "HEAD"] {
        let wanted = Wanted::new(method, &place, REDIRECTS);
        let wanted = Wanted { location: Some(url.clone()), ..wanted };
        all.push((head(rng, method, &place, ""), wanted));
    }
    (place, all)
}

fn paste(rng: &mut Rng, step: Step, key: &str) -> (String, Vec<Request>) {
    let (target, place) = (format!("/p?key={key}"), format!("/p/{key}"));
    let body = body(rng);
    let mut all = vec![added(rng, &target, &place, &body)];
    let again = Wanted::new("POST", &target, &[409]);
    // One that asks is refused, and then the server ends.
    let (request, _) = with_body(rng, Ways::UNASKED, "POST", &target, b"again");
    all.push((request, again));
    if *step >= 12 && rng.bool() {
        let method = ["DELETE", "GET"][rng.usize(0..2)];
        let request = head(rng, method, &place, "If-Match: \"x\"\r\n");
        all.push((request, Wanted::new(method, &place, &[412])));
    }
    if *step >= 13 && !body.is_empty() && rng.bool() {
        let first = rng.usize(0..body.len());
        let range = format!("Range: bytes={first}-\r\n");
        let wanted = Wanted::new("GET", &place, &[206]);
        let part = Some(body[first..].to_vec());
        all.push((head(rng, "GET", &place, &range), Wanted { body: part, ..wanted }));
    }
    let wanted = Wanted::new("GET", &place, &[200]);
    let wanted = Wanted { body: Some(body), ..wanted };
    all.push((head(rng, "GET", &place, ""), wanted));
    (place, all)
}

fn added(rng: &mut Rng, target: &str, place: &str, body: &[u8]) -> Request {
    let (request, asks) = with_body(rng, Ways::ALL, "POST", target, body);
    let wanted = Wanted::new("POST", target, &[201]);
    let text = Some(format!("{place}\n").into_bytes());
    // Relative to the path that it was posted to.
    let location = Some(place[1..].to_string());
    (request, Wanted { body: text, location, asks, ..wanted })
}
