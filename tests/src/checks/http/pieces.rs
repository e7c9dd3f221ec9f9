//! A head that arrives in pieces.

use std::time::Duration;

use crate::check::Check;
use crate::client::http::requests::last_request;
use crate::client::http::response::Response;
use crate::client::{Client, Options};
use crate::evidence::failure::{Attempt, Failure};
use crate::evidence::text::amount;
use crate::scene::Scene;

pub const CHECKS: &[Check] = &[
    Check::new(
        5,
        "a_head_cut_anywhere_is_the_same_head",
        "A head in two pieces gets the same response, wherever it is cut.",
        a_head_cut_anywhere_is_the_same_head,
    ),
    Check::new(
        5,
        "a_target_in_pieces_has_the_same_limit",
        "A target that comes in pieces is 414 above 8 KiB before it ends, and fine below.",
        a_target_in_pieces_has_the_same_limit,
    ),
    Check::new(
        5,
        "a_head_byte_by_byte_is_cheap",
        "The next byte of a long head costs no more than that of a short one.",
        a_head_byte_by_byte_is_cheap,
    ),
];

fn a_head_cut_anywhere_is_the_same_head(scene: &mut Scene) -> Attempt {
    for (method, target, status) in
        [("GET", "/", 200), ("GET", "/no-such-page", 404), ("HEAD", "/", 200)]
    {
        let head = last_request(method, target);
        let mut whole = scene.connect()?;
        whole.send(&head)?;
        let response = whole.response_to(method)?;
        response.expect_status(status)?;
        let expected = essence(&response);
        whole.expect_end()?;
        for cut in 1..head.len() {
            let mut client = scene.connect_with(Options::QUIET)?;
            client.send(&head[..cut])?;
            client.until_read()?;
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

fn a_target_in_pieces_has_the_same_limit(scene: &mut Scene) -> Attempt {
    const SHORT: usize = 8000;
    const LIMIT: usize = 8 * 1024;
    const PIECE: usize = 500;
    let target = |length| format!("/{}", "x".repeat(length - 1));
    let endless = format!("GET {}", target(LIMIT + 1));
    for (request, status) in [(last_request("GET", &target(SHORT)), 404), (endless, 414)]
    {
        let mut client = scene.connect_with(Options::QUIET)?;
        for piece in request.as_bytes().chunks(PIECE) {
            client.send(piece)?;
            client.until_read()?;
        }
        client.quiet_response("GET")?.expect_status(status)?;
        client.expect_end_or_reset()?;
    }
    let (short, limit) = (amount(SHORT), amount(LIMIT));
    scene.note(format!("a target of {short}, in pieces → 404"));
    scene.note(format!("one of more than {limit}, which doesn't end → 414"));
    Ok(())
}

/// What is the same in every response to one request, whatever a page counts.
pub(crate) fn essence(response: &Response) -> String {
    let numberless = |bytes: &[u8]| {
        let text = String::from_utf8_lossy(bytes).into_owned();
        text.replace(|letter: char| letter.is_ascii_digit(), "")
    };
    let names: Vec<&str> = response.fields.iter().map(|(name, _)| &**name).collect();
    let kind = response.field("Content-Type").unwrap_or("no type");
    let (status, names, body) = (response.status, names.join(", "), &response.body);
    format!("{status}, {names}, {kind}, {:?}", numberless(body))
}

/// How many clients send a byte at a time, and how often.
const CROWD: usize = 64;
const BYTES: usize = 13;
const SHORT: usize = 1024;
const LONG: usize = 15 * 1024;

/// A server that looks at all it has whenever a byte arrives takes several times as long for
/// the long head. On a busy machine a measurement is hardly ever too low, so the lowest of
/// some counts.
fn a_head_byte_by_byte_is_cheap(scene: &mut Scene) -> Attempt {
    const TRIES: usize = 20;
    const FEW: usize = 3;
    const TIMES: f64 = 1.8;
    let (mut short, mut long) = (Duration::MAX, Duration::MAX);
    let mut times = f64::INFINITY;
    for tries in 1..=TRIES {
        short = short.min(time_for_more(scene, SHORT)?);
        long = long.min(time_for_more(scene, LONG)?);
        times = long.as_secs_f64() / short.as_secs_f64().max(1e-6);
        if tries >= FEW && times < TIMES {
            let (crowd, bytes) = (CROWD, amount(BYTES));
            scene.note(format!(
                "{crowd} clients send {bytes} each, one by one, of a head"
            ));
            scene.note("that is 1 or 15 KiB long already: the server takes as long");
            return Ok(());
        }
    }
    let what = "processor time for each byte of a long head, as against a short one";
    let received = format!("{times:.1} times as much");
    Err(Failure::fact(what, format!("less than {TIMES} times as much"), received))
}

/// What the server takes for a byte of each client when so much of a head is there. It is
/// held up while they send, and so has to wait only once. A short first piece lets the kernel
/// acknowledge the next dozen as they come, at the clients' expense (`tcp_incr_quickack`).
fn time_for_more(scene: &mut Scene, length: usize) -> Attempt<Duration> {
    let head = last_request("GET", "/");
    let start = head.trim_end().len();
    let field = format!("\r\nX: {}", "x".repeat(length - start - 5));
    let begin = format!("{}{field}", &head[..start]);
    let clients: Attempt<Vec<Client>> =
        (0..CROWD).map(|_| scene.connect_with(Options::QUIET)).collect();
    let mut clients = clients?;
    let (first, rest) = begin.split_at(SHORT / 2);
    for piece in [first, rest] {
        for client in &mut clients {
            client.send(piece)?;
        }
        until_read(&clients)?;
    }
    let mut each = Vec::new();
    for byte in 0..BYTES {
        scene.pause()?;
        for client in &mut clients {
            client.send("x")?;
        }
        let before = scene.readings()?.cpu;
        scene.resume()?;
        until_read(&clients)?;
        if !scene.until_asleep()? {
            let what = "the server, when it has read all there is";
            return Err(Failure::fact(what, "it sleeps", "it is still at work"));
        }
        let took = scene.readings()?.cpu.saturating_sub(before);
        // For the first byte, memory may be found.
        if byte > 0 {
            each.push(took);
        }
    }
    for client in &mut clients {
        client.send("\r\n\r\n")?;
        client.quiet_response("GET")?.expect_status(200)?;
    }
    each.sort();
    Ok(each[BYTES / 4])
}

fn until_read(clients: &[Client]) -> Attempt {
    clients.iter().try_for_each(Client::until_read)
}
