//! What clients of HTTP ask.

use fastrand::Rng;

use super::plan::{Owed, Speech, Wanted};

/// The bytes of a request, and what it is to get.
pub type Request = (Vec<u8>, Wanted);

const SAID: [&str; 3] = ["", "User-Agent: a client\r\nAccept: */*\r\n", "X-Filling: "];

/// With fields beside Host that say nothing.
pub fn head(rng: &mut Rng, method: &str, target: &str, fields: &str) -> Vec<u8> {
    let more = match SAID[rng.usize(0..SAID.len())] {
        said @ "X-Filling: " => {
            let filling = "x".repeat(rng.usize(1..3000));
            format!("{said}{filling}\r\n")
        }
        said => said.to_string(),
    };
    format!("{method} {target} HTTP/1.1\r\nHost: localhost\r\n{more}{fields}\r\n")
        .into_bytes()
}

pub fn page(rng: &mut Rng) -> Vec<Request> {
    let missing = format!("/missing-{}", rng.u16(..));
    let (method, target, statuses): (_, _, &[u16]) = match rng.u8(0..4) {
        0 => ("HEAD", "/", &[200]),
        1 => ("GET", &missing[..], &[404]),
        _ => ("GET", "/", &[200]),
    };
    vec![(head(rng, method, target, ""), Wanted::new(method, target, statuses))]
}

/// A greeting: step 9.
pub fn greeting(rng: &mut Rng) -> Vec<Request> {
    let name = rng.u16(..);
    let (target, text) = (format!("/hello/%41-{name}"), format!("Hello, A-{name}!\n"));
    let wanted = Wanted::new("GET", &target, &[200]);
    let wanted = Wanted { body: Some(text.into_bytes()), ..wanted };
    vec![(head(rng, "GET", &target, ""), wanted)]
}

/// One request, after which the server closes.
pub fn one(rng: &mut Rng) -> Speech {
    let (messages, wanted) = page(rng).into_iter().unzip();
    Speech { messages, owed: Owed::Responses(wanted), is_ended: true }
}

/// Several requests; the last may be the last that the server takes.
pub fn speech(
    rng: &mut Rng,
    mut draw: impl FnMut(&mut Rng, usize) -> Vec<Request>,
) -> Speech {
    let amount = match rng.u8(0..8) {
        0 => rng.usize(20..80),
        _ => rng.usize(1..12),
    };
    let mut all: Vec<Request> =
        (0..amount).flat_map(|number| draw(rng, number)).collect();
    let is_ended = match rng.u8(0..6) {
        0 => {
            let last = head(rng, "GET", "/", "Connection: close\r\n");
            all.push((last, Wanted { is_file: true, ..Wanted::new("GET", "/", &[200]) }));
            true
        }
        1 => {
            let no_host = b"GET / HTTP/1.1\r\n\r\n".to_vec();
            all.push((no_host, Wanted::new("GET", "/", &[400])));
            true
        }
        _ => false,
    };
    let (messages, wanted) = all.into_iter().unzip();
    Speech { messages, owed: Owed::Responses(wanted), is_ended }
}
