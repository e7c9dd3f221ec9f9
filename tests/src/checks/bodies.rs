//! Requests with bodies of a Content-Length: step 7, and from there on.

use super::http::request;
use crate::check::{Attempt, Check};
use crate::client::Client;
use crate::failure::Failure;
use crate::scene::Scene;
use crate::transcript::{amount, grouped};

pub const CHECKS: &[Check] = &[
    Check::new(
        7,
        "an_upload_is_counted_and_summed",
        "POST / is answered with the body's length and CRC-32, in whatever pieces it comes.",
        an_upload_is_counted_and_summed,
    )
    .until(9),
    Check::new(
        7,
        "a_gibibyte_fills_no_memory",
        "An upload of a GiB goes through, and the server's memory stays flat.",
        a_gibibyte_fills_no_memory,
    )
    .until(8),
    Check::new(
        7,
        "a_body_too_long_is_refused_unread",
        "A length of more than a GiB is 413 before a byte of the body comes.",
        a_body_too_long_is_refused_unread,
    )
    .until(9),
    Check::new(
        7,
        "the_client_gets_100_continue_when_it_asks",
        "Expect: 100-continue is answered with 100, once, if the body is wanted.",
        the_client_gets_100_continue_when_it_asks,
    )
    .until(9),
    Check::new(
        7,
        "a_client_that_asks_in_vain_is_refused_at_once",
        "A body that nobody wants isn't asked for: the answer comes first, and the end.",
        a_client_that_asks_in_vain_is_refused_at_once,
    ),
    Check::new(
        7,
        "a_body_nobody_wants_is_no_request",
        "A body that nobody reads is passed over, or ends the connection if it is long.",
        a_body_nobody_wants_is_no_request,
    ),
    Check::new(
        7,
        "a_body_cut_anywhere_is_the_same_body",
        "Requests with bodies, cut in two at any byte, are answered the same.",
        a_body_cut_anywhere_is_the_same_body,
    ),
    Check::new(
        7,
        "a_transfer_coding_ends_the_connection",
        "Before chunks are read, what has them gets 501; no byte of it is a request.",
        a_transfer_coding_ends_the_connection,
    )
    .fault(),
];

/// The head of an upload.
pub(super) fn upload(target: &str, fields: &str) -> String {
    format!("POST {target} HTTP/1.1\r\nHost: localhost\r\n{fields}\r\n\r\n")
}

fn an_upload_is_counted_and_summed(scene: &mut Scene) -> Attempt {
    let mut a = scene.connect()?;
    a.send(upload("/", "Content-Length: 5") + "hello")?;
    a.response()?.expect_body("5 bytes, CRC-32 3610a686\n")?;
    a.send(upload("/", "Content-Length: 0"))?;
    a.response()?.expect_body("0 bytes, CRC-32 00000000\n")?;
    a.send(upload("/", "Content-Length: 9"))?;
    a.drip("123456789")?;
    a.response()?.expect_body("9 bytes, CRC-32 cbf43926\n")
}

fn a_gibibyte_fills_no_memory(scene: &mut Scene) -> Attempt {
    let fields = format!("Content-Length: {GIBIBYTE}");
    expect_flat_memory(scene, &fields, &vec![0; PIECE], "")
}

pub(super) const GIBIBYTE: usize = 1 << 30;
/// What is sent of it at a time.
pub(super) const PIECE: usize = 1 << 20;

/// Sends a GiB of zeros, framed so, and looks at the server's memory meanwhile.
pub(super) fn expect_flat_memory(
    scene: &mut Scene,
    fields: &str,
    piece: &[u8],
    last: &str,
) -> Attempt {
    const LITTLE: u64 = 4 << 20;
    let mut a = scene.connect()?;
    a.ask()?;
    let before = scene.readings()?.memory;
    let mut most = 0;
    a.send(upload("/", fields))?;
    for number in 0..GIBIBYTE / PIECE {
        a.send_unnoted(piece)?;
        if number % 64 == 0 {
            most = most.max(scene.readings()?.memory);
        }
    }
    a.send_unnoted(last.as_bytes())?;
    a.note(format!("→ {}", amount(GIBIBYTE)));
    a.response()?.expect_body("1073741824 bytes, CRC-32 5b64c2b0\n")?;
    let grown = most.saturating_sub(before);
    if grown > LITTLE {
        let most = format!("at most {}", grouped(LITTLE));
        return Err(Failure::fact("bytes of memory more", most, grouped(grown)));
    }
    scene.note("the server's memory grew by less than four mebibytes");
    Ok(())
}

fn a_body_too_long_is_refused_unread(scene: &mut Scene) -> Attempt {
    for fields in [
        "Content-Length: 1073741825",
        "Content-Length: 18446744073709551615",
        "Expect: 100-continue\r\nContent-Length: 1073741825",
    ] {
        let mut client = scene.connect()?;
        client.send(upload("/", fields))?;
        let response = client.response()?;
        response.expect_status(413)?;
        response.expect_field("Connection", "close")?;
        client.expect_end()?;
    }
    Ok(())
}

fn the_client_gets_100_continue_when_it_asks(scene: &mut Scene) -> Attempt {
    let mut a = scene.connect()?;
    expect_to_be_asked(&mut a, "/", 200)
}

/// Uploads that wait for 100, and ones that needn't; the status is what a whole one gets.
pub(super) fn expect_to_be_asked(
    client: &mut Client,
    target: &str,
    status: u16,
) -> Attempt {
    expect_100(client, target, "Expect: 100-continue\r\nContent-Length: 5", "hello")?;
    expect_status(client, status)?;
    client.expect_silence()?;
    client.send(upload(target, "Expect: 100-continue\r\nContent-Length: 0"))?;
    expect_status(client, status)?;
    let fields = "Connection: keep-alive\r\nExpect: 100-continue\r\nContent-Length: 5";
    client.send(format!("POST {target} HTTP/1.0\r\n{fields}\r\n\r\n"))?;
    client.expect_silence()?;
    client.send("hello")?;
    expect_status(client, status)
}

/// Sends the body when 100 has come.
pub(super) fn expect_100(
    client: &mut Client,
    target: &str,
    fields: &str,
    body: &str,
) -> Attempt {
    client.send(upload(target, fields))?;
    client.expect("HTTP/1.1 100 Continue\r\n\r\n")?;
    client.expect_silence()?;
    client.send(body)
}

pub(super) fn expect_status(client: &mut Client, status: u16) -> Attempt {
    client.quiet_response("POST")?.expect_status(status)?;
    client.note(format!("← HTTP/1.1 {status} …"));
    Ok(())
}

fn a_client_that_asks_in_vain_is_refused_at_once(scene: &mut Scene) -> Attempt {
    expect_to_ask_in_vain(scene, "Content-Length: 5")
}

pub(super) fn expect_to_ask_in_vain(scene: &mut Scene, framing: &str) -> Attempt {
    let mut client = scene.connect()?;
    let fields = format!("Expect: 100-continue\r\n{framing}");
    client.send(upload("/no-such-page", &fields))?;
    let response = client.response()?;
    expect_not_found(&client, response.status)?;
    response.expect_field("Connection", "close")?;
    client.expect_end()
}

fn expect_not_found(client: &Client, status: u16) -> Attempt {
    let refused = matches!(status, 404 | 405);
    client.expect_fact("the status", "404 or 405", status, refused)
}

fn a_body_nobody_wants_is_no_request(scene: &mut Scene) -> Attempt {
    expect_to_be_passed_over(scene, |body| {
        (format!("Content-Length: {}", body.len()), body.to_string())
    })
}

/// Bodies that would be requests if they weren't framed, and that nobody wants.
pub(super) fn expect_to_be_passed_over(
    scene: &mut Scene,
    framed: fn(&str) -> (String, String),
) -> Attempt {
    let hidden = request("GET", "/hidden");
    let mut a = scene.connect()?;
    let (fields, body) = framed(&hidden);
    a.send(upload("/no-such-page", &fields) + &body + &request("GET", "/"))?;
    let response = a.response()?;
    expect_not_found(&a, response.status)?;
    a.response()?.expect_status(200)?;
    a.expect_silence()?;
    let many = hidden.repeat(1 << 15);
    let (fields, body) = framed(&many);
    let mut client = scene.connect_quietly()?;
    client.send(upload("/no-such-page", &fields))?;
    let _ = client.send(body);
    let response = client.response()?;
    response.expect_field("Connection", "close")?;
    client.expect_end_or_reset()?;
    scene.note(format!("{} in vain → a refusal, and the end", amount(many.len())));
    Ok(())
}

fn a_body_cut_anywhere_is_the_same_body(scene: &mut Scene) -> Attempt {
    let requests = upload("/", "Content-Length: 5")
        + "hello"
        + &upload("/", "Content-Length: 1")
        + "!"
        + &request("HEAD", "/");
    expect_the_same_cut_anywhere(scene, &requests)
}

/// Two uploads and a HEAD.
pub(super) fn expect_the_same_cut_anywhere(scene: &mut Scene, requests: &str) -> Attempt {
    let mut statuses = None;
    for cut in 0..requests.len() {
        let mut client = scene.connect_quietly()?;
        client.send(&requests[..cut])?;
        client.until_read()?;
        client.send(&requests[cut..])?;
        let mut these = Vec::new();
        for method in ["POST", "POST", "HEAD"] {
            let response = client.quiet_response(method)?;
            these.push((response.status, response.body));
        }
        client.expect_fact("the last status", 200, these[2].0, these[2].0 == 200)?;
        let first = statuses.get_or_insert_with(|| these.clone());
        let same = *first == these;
        client.expect_fact(&format!("cut at {cut}, the same"), true, same, same)?;
    }
    scene.note(format!(
        "two uploads and a HEAD, {} bytes, cut at each → the same responses",
        requests.len()
    ));
    Ok(())
}

fn a_transfer_coding_ends_the_connection(scene: &mut Scene) -> Attempt {
    for coding in ["chunked", "gzip, chunked"] {
        let mut client = scene.connect()?;
        client.send(upload("/", "Content-Length: 5") + "hello")?;
        client.response()?.expect_status(200)?;
        let framed = upload("/", &format!("Transfer-Encoding: {coding}"));
        client.send(framed + "0\r\n\r\n" + &request("GET", "/hidden"))?;
        let response = client.response()?;
        if response.status == 200 && client.response()?.status == 404 {
            let how = "it reads chunks, and what comes behind is the request";
            return Err(Failure::ahead(how));
        }
        response.expect_status(501)?;
        response.expect_field("Connection", "close")?;
        client.expect_end_or_reset()?;
    }
    Ok(())
}
