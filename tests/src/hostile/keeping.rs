//! Short links and pastes: step 8, and from there on.

use fastrand::Rng;

use super::bodies::{body, with_body};
use super::plan::Wanted;
use super::requests::{Request, head};

const REDIRECTS: &[u16] = &[301, 302, 303, 307, 308];

/// Puts something under a key that nobody else has, looks at it, and may take it away.
pub fn few(rng: &mut Rng, client: u8, number: usize) -> Vec<Request> {
    let key = format!("{}{number}-{}", char::from(b'a' + client), rng.u16(..));
    let (place, mut all) = match rng.bool() {
        true => link(rng, &key),
        false => paste(rng, &key),
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

fn paste(rng: &mut Rng, key: &str) -> (String, Vec<Request>) {
    let (target, place) = (format!("/p?key={key}"), format!("/p/{key}"));
    let body = body(rng);
    let mut all = vec![added(rng, &target, &place, &body)];
    let again = Wanted::new("POST", &target, &[409]);
    let (request, asks) = with_body(rng, "POST", &target, b"again");
    all.push((request, Wanted { asks, ..again }));
    let wanted = Wanted::new("GET", &place, &[200]);
    let wanted = Wanted { body: Some(body), ..wanted };
    all.push((head(rng, "GET", &place, ""), wanted));
    (place, all)
}

fn added(rng: &mut Rng, target: &str, place: &str, body: &[u8]) -> Request {
    let (request, asks) = with_body(rng, "POST", target, body);
    let wanted = Wanted::new("POST", target, &[201]);
    let text = Some(format!("{place}\n").into_bytes());
    (request, Wanted { body: text, location: Some(place.to_string()), asks, ..wanted })
}
