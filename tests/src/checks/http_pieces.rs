//! A head that arrives in pieces.

use std::time::Duration;

use super::http::last_request;
use crate::check::{Attempt, Check};
use crate::client::Client;
use crate::failure::Failure;
use crate::http_client::Response;
use crate::scene::Scene;
use crate::transcript::amount;

pub const CHECKS: &[Check] = &[
    Check::new(
        5,
        "a_head_cut_anywhere_is_the_same_head",
        "A head in two pieces gets the same response, wherever it is cut.",
        a_head_cut_anywhere_is_the_same_head,
    ),
    Check::new(
        5,
        "a_head_byte_by_byte_is_cheap",
        "The next byte of a long head costs no more than that of a short one.",
        a_head_byte_by_byte_is_cheap,
    ),
];

fn a_head_cut_anywhere_is_the_same_head(scene: &mut Scene) -> Attempt {
    for (method, target) in [("GET", "/"), ("GET", "/no-such-page"), ("HEAD", "/")] {
        let head = last_request(method, target);
        let mut whole = scene.connect()?;
        whole.send(&head)?;
        let expected = essence(&whole.response_to(method)?);
        whole.expect_end()?;
        for cut in 1..head.len() {
            let mut client = scene.connect_quietly()?;
            client.send(&head[..cut])?;
            scene.until_read()?;
            client.send(&head[cut..])?;
            let response = client.response_to(method)?;
            let what = format!("the response to a head cut after {}", amount(cut));
            response.expect_fact(&what, &expected, essence(&response))?;
            client.expect_end()?;
        }
        scene.note("the same in two pieces, cut at every byte: the same response");
    }
    Ok(())
}

/// What is the same in every response to one request, whatever a page counts.
pub(super) fn essence(response: &Response) -> String {
    let numberless = |bytes: &[u8]| {
        let text = String::from_utf8_lossy(bytes).into_owned();
        text.replace(|letter: char| letter.is_ascii_digit(), "")
    };
    let names: Vec<&str> = response.fields.iter().map(|(name, _)| &**name).collect();
    let kind = response.field("Content-Type").unwrap_or("no type");
    let (status, names, body) = (response.status, names.join(", "), &response.body);
    format!("{status}, {names}, {kind}, {:?}", numberless(body))
}

/// How many clients send a byte in turn: so many at a time that reading them dominates.
const CROWD: usize = 64;
const BYTES: usize = 16;
const SHORT: usize = 1024;
const LONG: usize = 15 * 1024;

/// A server that looks at all it has whenever a byte arrives takes several times as long for
/// the long head. On a busy machine one measurement may mislead, so the best of some counts.
fn a_head_byte_by_byte_is_cheap(scene: &mut Scene) -> Attempt {
    const TRIES: usize = 5;
    const TIMES: f64 = 1.7;
    let mut best = f64::INFINITY;
    for _ in 0..TRIES {
        let short = time_for_more(scene, SHORT)?;
        let long = time_for_more(scene, LONG)?;
        best = best.min(long.as_secs_f64() / short.as_secs_f64().max(1e-6));
        if best < TIMES {
            let (crowd, bytes) = (CROWD, amount(BYTES));
            scene.note(format!(
                "{crowd} clients send {bytes} each, one by one, of a head"
            ));
            scene.note("that is 1 or 15 KiB long already: the server takes as long");
            return Ok(());
        }
    }
    let what = "processor time for each byte of a long head, as against a short one";
    let received = format!("{best:.1} times as much");
    Err(Failure::fact(what, format!("less than {TIMES} times as much"), received))
}

/// What the server takes for bytes that come one by one when so much of a head is there.
fn time_for_more(scene: &mut Scene, length: usize) -> Attempt<Duration> {
    let head = last_request("GET", "/");
    let start = head.trim_end().len();
    let field = format!("\r\nX: {}", "x".repeat(length - start - 5));
    let begin = format!("{}{field}", &head[..start]);
    let clients: Attempt<Vec<Client>> =
        (0..CROWD).map(|_| scene.connect_quietly()).collect();
    let mut clients = clients?;
    for client in &mut clients {
        client.send(&begin)?;
    }
    scene.until_read()?;
    let before = scene.readings()?.cpu;
    for _ in 0..BYTES {
        for client in &mut clients {
            client.send("x")?;
        }
        scene.until_read()?;
    }
    let after = scene.readings()?.cpu;
    for client in &mut clients {
        client.send("\r\n\r\n")?;
        client.quiet_response("GET")?.expect_status(200)?;
    }
    Ok(after.saturating_sub(before))
}
