//! Refusals of what a client is still sending: it reads them, instead of a reset.

use super::waiting::until_it_breaks;
use crate::check::Check;
use crate::checks::keeping::posting::LIMIT;
use crate::client::http::requests::{last_request, upload};
use crate::client::{Client, Options};
use crate::evidence::failure::{Attempt, Failure, Kind};
use crate::evidence::text::{amount, grouped};
use crate::scene::Scene;

pub const CHECKS: &[Check] = &[
    Check::new(
        14,
        "a_413_reaches_a_client_that_is_still_sending",
        "A client that sends all of a body that is too long, and then reads, gets the 413.",
        a_413_reaches_a_client_that_is_still_sending,
    ),
    Check::new(
        14,
        "a_refused_head_is_told_to_a_client_that_is_still_sending",
        "A client whose head is refused, and that sends 4 MB behind it, gets the refusal.",
        a_refused_head_is_told_to_a_client_that_is_still_sending,
    ),
    Check::new(
        14,
        "a_body_nobody_wants_does_not_cost_the_answer",
        "A client that sends all of a body that nobody wants, and then reads, gets the answer.",
        a_body_nobody_wants_does_not_cost_the_answer,
    ),
    Check::new(
        14,
        "only_a_refusal_lingers",
        "After a refusal the server waits for the client to end, after a last answer it doesn't.",
        only_a_refusal_lingers,
    ),
    Check::new(
        14,
        "a_client_that_goes_on_after_a_refusal_is_let_go",
        "A client that doesn't stop sending after it was refused is let go in the end.",
        a_client_that_goes_on_after_a_refusal_is_let_go,
    )
    .hurries(),
];

/// More than the sockets between the two hold.
const MUCH: usize = 4_000_000;

fn a_413_reaches_a_client_that_is_still_sending(scene: &mut Scene) -> Attempt {
    let by_length = upload("/p", &format!("Content-Length: {MUCH}"));
    each_is_refused(scene, 10, 413, by_length.as_bytes(), b"x")?;
    let chunk = [b"10000\r\n", &[b'x'; 0x10000][..], b"\r\n"].concat();
    let in_chunks = upload("/p", "Transfer-Encoding: chunked");
    each_is_refused(scene, 10, 413, in_chunks.as_bytes(), &chunk)
}

fn a_refused_head_is_told_to_a_client_that_is_still_sending(
    scene: &mut Scene,
) -> Attempt {
    let posted = |fields: &str| upload("/p", &format!("Content-Length: {LIMIT}{fields}"));
    for (status, head) in [
        (400, posted("\r\nContent-Length: 1")),
        (414, "GET /".to_string()),
        (417, posted("\r\nExpect: a miracle")),
        (431, "GET / HTTP/1.1\r\nHost: localhost\r\nX: ".to_string()),
        (501, posted("").replace("POST", "BREW")),
        (505, posted("").replace("/1.1", "/2.0")),
    ] {
        each_is_refused(scene, 3, status, head.as_bytes(), b"x")?;
    }
    Ok(())
}

fn a_body_nobody_wants_does_not_cost_the_answer(scene: &mut Scene) -> Attempt {
    let by_length = upload("/", &format!("Content-Length: {MUCH}"));
    each_is_refused(scene, 10, 405, by_length.as_bytes(), b"x")?;
    let chunk = [b"10000\r\n", &[b'x'; 0x10000][..], b"\r\n"].concat();
    let in_chunks = upload("/", "Transfer-Encoding: chunked");
    each_is_refused(scene, 10, 405, in_chunks.as_bytes(), &chunk)
}

/// So many times all is sent before anything is read.
fn each_is_refused(
    scene: &mut Scene,
    times: usize,
    status: u16,
    head: &[u8],
    unit: &[u8],
) -> Attempt {
    let body = unit.repeat(MUCH.div_ceil(unit.len()));
    for _ in 0..times {
        let mut client = scene.connect_with(Options::QUIET)?;
        let goes = client.goes(head)? && client.goes(&body)?;
        let refused = expect_refusal(&mut client, status);
        let is_reset = |failure: &Failure| {
            matches!(failure.kind, Kind::Reset { .. } | Kind::ResetAtEnd)
        };
        if !goes || refused.as_ref().is_err_and(|failure| is_reset(failure)) {
            // Whether some of the response comes before the reset is a matter of luck.
            let expected = format!("HTTP/1.1 {status} ").into_bytes();
            let kind = Kind::Reset { expected, received: Vec::new() };
            return Err(Failure::new(kind).of(&client.name));
        }
        refused?;
    }
    let start = String::from_utf8_lossy(&head[..head.len().min(40)]);
    let line = start.lines().next().unwrap_or_default();
    let much = grouped(MUCH as u64);
    scene.note(format!("{line} …, and {much} bytes or more → {status}, {times} times"));
    Ok(())
}

fn expect_refusal(client: &mut Client, status: u16) -> Attempt {
    let response = client.quiet_response("POST")?;
    response.expect_status(status)?;
    response.expect_field("Connection", "close")?;
    client.expect_end()
}

fn only_a_refusal_lingers(scene: &mut Scene) -> Attempt {
    const CLIENTS: usize = 20;
    let mut first = scene.connect_with(Options::QUIET)?;
    first.ask()?;
    first.close();
    scene.until_asleep()?;
    let before = scene.readings()?.descriptors;
    let refused = ended(scene, CLIENTS, "GET / HTTP/1.1\r\n\r\n", 400)?;
    let most = scene.readings()?.descriptors;
    if most < before + CLIENTS {
        let expected = format!("{} or more", before + CLIENTS);
        return Err(Failure::fact("descriptors after refusals", expected, most));
    }
    scene.note(format!("{CLIENTS} clients are refused: the server keeps their sockets"));
    let content = ended(scene, CLIENTS, &last_request("GET", "/"), 200)?;
    scene.expect_no_more_descriptors(most)?;
    scene.note(format!("it keeps none of {CLIENTS} clients' that asked for the end"));
    drop(refused);
    scene.note("those who were refused close");
    scene.expect_no_more_descriptors(before)?;
    drop(content);
    Ok(())
}

/// Clients that have seen the end, and don't close.
fn ended(
    scene: &mut Scene,
    count: usize,
    request: &str,
    status: u16,
) -> Attempt<Vec<Client>> {
    let mut clients = Vec::new();
    for _ in 0..count {
        let mut client = scene.connect_with(Options::QUIET)?;
        client.send(request)?;
        client.quiet_response("GET")?.expect_status(status)?;
        client.expect_end()?;
        clients.push(client);
    }
    Ok(clients)
}

fn a_client_that_goes_on_after_a_refusal_is_let_go(scene: &mut Scene) -> Attempt {
    const PIECE: usize = 16 * 1024;
    const PIECES: usize = 16;
    let mut a = scene.connect()?;
    a.send("GET / HTTP/1.1\r\n\r\n")?;
    a.response()?.expect_status(400)?;
    a.expect_end()?;
    for _ in 0..PIECES {
        let goes = a.goes(&[b'x'; PIECE])?;
        a.expect_fact("what is sent after a refusal", "taken", "a reset", goes)?;
        a.until_read()?;
    }
    a.note(format!("→ {} more, and then a byte now and then", amount(PIECES * PIECE)));
    until_it_breaks(&mut a, b"x")?;
    a.note("← a reset, in the end");
    Ok(())
}
