//! Bodies, by their length and from step 8 on in chunks; and uploads, which are answered with
//! their length and checksum: steps 7 to 9.

use fastrand::Rng;

use super::plan::Wanted;
use super::requests::{Request, head};

/// How a client may send a body.
#[derive(Clone, Copy)]
pub struct Ways {
    pub chunks: bool,
    /// It may ask before it sends it.
    pub asking: bool,
}

impl Ways {
    pub const ALL: Ways = Ways { chunks: true, asking: true };
    pub const LENGTHS: Ways = Ways { chunks: false, asking: true };
    pub const UNASKED: Ways = Ways { chunks: true, asking: false };
}

/// A body, by its length or in chunks; and whether the client asks before it sends it.
pub fn with_body(
    rng: &mut Rng,
    ways: Ways,
    method: &'static str,
    target: &str,
    body: &[u8],
) -> (Vec<u8>, bool) {
    let asks = ways.asking && rng.u8(0..8) == 0;
    let expects = if asks { "Expect: 100-continue\r\n" } else { "" };
    if !ways.chunks || rng.bool() {
        let fields = format!("{expects}Content-Length: {}\r\n", body.len());
        let mut request = head(rng, method, target, &fields);
        request.extend(body);
        return (request, asks);
    }
    let fields = format!("{expects}Transfer-Encoding: chunked\r\n");
    let mut request = head(rng, method, target, &fields);
    let mut rest = body;
    while !rest.is_empty() {
        let (chunk, others) = rest.split_at(rng.usize(1..=rest.len()));
        let extension = ["", ";a", ";a=b", ";a=\"b c\""][rng.usize(0..4)];
        request.extend(format!("{:x}{extension}\r\n", chunk.len()).as_bytes());
        request.extend(chunk);
        request.extend(b"\r\n");
        rest = others;
    }
    let trailer = ["", "A: b\r\n"][rng.usize(0..2)];
    request.extend(format!("0\r\n{trailer}\r\n").as_bytes());
    (request, asks)
}

pub fn body(rng: &mut Rng) -> Vec<u8> {
    let scale = match rng.u8(0..24) {
        0 => 17,
        number => [0, 3, 6, 10, 12, 14][usize::from(number % 6)],
    };
    let length = rng.usize(0..=1 << scale);
    let mut body = vec![0; length];
    rng.fill(&mut body);
    body
}

pub fn upload(rng: &mut Rng, ways: Ways) -> Vec<Request> {
    let body = body(rng);
    if rng.u8(0..8) == 0 {
        let body = &body[..body.len().min(1000)];
        let (request, asks) = with_body(rng, ways, "POST", "/no-such-page", body);
        // A server that is asked for leave may refuse, and end.
        if !asks {
            let wanted = Wanted::new("POST", "/no-such-page", &[404, 405]);
            return vec![(request, wanted)];
        }
    }
    let (request, asks) = with_body(rng, ways, "POST", "/", &body);
    let text = format!("{} bytes, CRC-32 {:08x}\n", body.len(), crc32fast::hash(&body));
    let wanted = Wanted::new("POST", "/", &[200]);
    vec![(request, Wanted { body: Some(text.into_bytes()), asks, ..wanted })]
}
