//! Requests with bodies: step 7, and from there on.

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
        "POST / is answered with the body's length and CRC-32, however it was framed.",
        an_upload_is_counted_and_summed,
    )
    .until(7),
    Check::new(
        7,
        "a_gibibyte_fills_no_memory",
        "An upload of a GiB goes through, with a length or chunked, and memory stays flat.",
        a_gibibyte_fills_no_memory,
    )
    .until(7),
    Check::new(
        7,
        "a_body_too_long_is_refused_unread",
        "A length over the limit is 413 before a byte of the body comes.",
        a_body_too_long_is_refused_unread,
    )
    .until(7),
    Check::new(
        7,
        "who_asks_to_go_on_is_told_so",
        "Expect: 100-continue is answered with 100, once, if the body is wanted.",
        who_asks_to_go_on_is_told_so,
    )
    .until(7),
    Check::new(
        7,
        "who_asks_in_vain_is_refused_at_once",
        "A body that nobody wants isn't asked for: the answer comes first, and the end.",
        who_asks_in_vain_is_refused_at_once,
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
        "what_frames_a_chunk_is_bounded",
        "Extensions and trailers that don't end are refused.",
        what_frames_a_chunk_is_bounded,
    ),
];

/// The head of an upload.
pub(super) fn upload(target: &str, fields: &str) -> String {
    format!("POST {target} HTTP/1.1\r\nHost: localhost\r\n{fields}\r\n\r\n")
}

fn an_upload_is_counted_and_summed(scene: &mut Scene) -> Attempt {
    let mut a = scene.connect()?;
    a.send(upload("/", "Content-Length: 5") + "hello")?;
    a.response()?.expect_body("5 bytes, CRC-32 3610a686\n")?;
    a.send(
        upload("/", "Transfer-Encoding: chunked") + "2\r\nhe\r\n3\r\nllo\r\n0\r\n\r\n",
    )?;
    a.response()?.expect_body("5 bytes, CRC-32 3610a686\n")?;
    a.send(upload("/", "Content-Length: 0"))?;
    a.response()?.expect_body("0 bytes, CRC-32 00000000\n")?;
    a.send(upload("/", "Content-Length: 9"))?;
    a.drip("123456789")?;
    a.response()?.expect_body("9 bytes, CRC-32 cbf43926\n")
}

fn a_gibibyte_fills_no_memory(scene: &mut Scene) -> Attempt {
    const SIZE: usize = 1 << 30;
    const PIECE: usize = 1 << 20;
    const LITTLE: u64 = 4 << 20;
    let mut a = scene.connect()?;
    a.ask()?;
    let before = scene.readings()?.memory;
    let zeros = vec![0; PIECE];
    let chunk = [b"100000\r\n", &zeros[..], b"\r\n"].concat();
    let mut most = 0;
    for (fields, piece, last) in [
        (format!("Content-Length: {SIZE}"), &zeros, ""),
        ("Transfer-Encoding: chunked".into(), &chunk, "0\r\n\r\n"),
    ] {
        a.send(upload("/", &fields))?;
        for number in 0..SIZE / PIECE {
            a.send_unnoted(piece)?;
            if number % 64 == 0 {
                most = most.max(scene.readings()?.memory);
            }
        }
        a.send_unnoted(last.as_bytes())?;
        a.note(format!("→ {}", amount(SIZE)));
        a.response()?.expect_body("1073741824 bytes, CRC-32 5b64c2b0\n")?;
    }
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

fn who_asks_to_go_on_is_told_so(scene: &mut Scene) -> Attempt {
    let mut a = scene.connect()?;
    expect_to_be_asked(&mut a, "/", 200)
}

/// Uploads that wait for 100, and ones that needn't; the status is what a whole one gets.
pub(super) fn expect_to_be_asked(
    client: &mut Client,
    target: &str,
    status: u16,
) -> Attempt {
    let expect_status = |client: &mut Client| {
        client.quiet_response("POST")?.expect_status(status)?;
        client.note(format!("← HTTP/1.1 {status} …"));
        Ok(())
    };
    for (fields, body) in [
        ("Expect: 100-continue\r\nContent-Length: 5", "hello"),
        ("expect: 100-Continue\r\nTransfer-Encoding: chunked", "1\r\n!\r\n0\r\n\r\n"),
    ] {
        client.send(upload(target, fields))?;
        client.expect("HTTP/1.1 100 Continue\r\n\r\n")?;
        client.expect_silence()?;
        client.send(body)?;
        expect_status(client)?;
        client.expect_silence()?;
    }
    client.send(upload(target, "Expect: 100-continue\r\nContent-Length: 0"))?;
    expect_status(client)?;
    let fields = "Connection: keep-alive\r\nExpect: 100-continue\r\nContent-Length: 5";
    client.send(format!("POST {target} HTTP/1.0\r\n{fields}\r\n\r\n"))?;
    client.expect_silence()?;
    client.send("hello")?;
    expect_status(client)
}

fn who_asks_in_vain_is_refused_at_once(scene: &mut Scene) -> Attempt {
    for body in ["Content-Length: 5", "Transfer-Encoding: chunked"] {
        let mut client = scene.connect()?;
        client
            .send(upload("/no-such-page", &format!("Expect: 100-continue\r\n{body}")))?;
        let response = client.response()?;
        let refused = matches!(response.status, 404 | 405);
        client.expect_fact("the status", "404 or 405", response.status, refused)?;
        response.expect_field("Connection", "close")?;
        client.expect_end()?;
    }
    Ok(())
}

fn a_body_nobody_wants_is_no_request(scene: &mut Scene) -> Attempt {
    let hidden = request("GET", "/hidden");
    let length = hidden.len();
    let mut a = scene.connect()?;
    for (fields, body) in [
        (format!("Content-Length: {length}"), hidden.clone()),
        (
            "Transfer-Encoding: chunked".into(),
            format!("{length:x}\r\n{hidden}\r\n0\r\n\r\n"),
        ),
    ] {
        a.send(upload("/no-such-page", &fields) + &body + &request("GET", "/"))?;
        let response = a.response()?;
        let refused = matches!(response.status, 404 | 405);
        a.expect_fact("the status", "404 or 405", response.status, refused)?;
        a.response()?.expect_status(200)?;
        a.expect_silence()?;
    }
    let many = hidden.repeat(1 << 15);
    let length = many.len();
    for (fields, body) in [
        (format!("Content-Length: {length}"), many.clone()),
        (
            "Transfer-Encoding: chunked".into(),
            format!("{length:x}\r\n{many}\r\n0\r\n\r\n"),
        ),
    ] {
        let mut client = scene.connect_quietly()?;
        client.send(upload("/no-such-page", &fields))?;
        let _ = client.send(body);
        let response = client.response()?;
        response.expect_field("Connection", "close")?;
        client.expect_end_or_reset()?;
        scene.note(format!("{} in vain → a refusal, and the end", amount(length)));
    }
    Ok(())
}

fn a_body_cut_anywhere_is_the_same_body(scene: &mut Scene) -> Attempt {
    let requests = upload("/", "Content-Length: 5")
        + "hello"
        + &upload("/", "Transfer-Encoding: chunked")
        + "5;a=b\r\nhello\r\n0\r\nA: b\r\n\r\n"
        + &request("HEAD", "/");
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

fn what_frames_a_chunk_is_bounded(scene: &mut Scene) -> Attempt {
    const ENDLESS: usize = 1 << 20;
    let head = upload("/", "Transfer-Encoding: chunked");
    let long = "x".repeat(ENDLESS);
    let fields = "A: b\r\n".repeat(ENDLESS / 6);
    let chunks = "1;x\r\nx\r\n".repeat(ENDLESS / 8);
    for (name, frame) in [
        ("an extension", format!("5;{long}")),
        ("spaces", format!("5{}", " ".repeat(ENDLESS))),
        ("a quote", format!("5;a=\"{long}")),
        ("an extension to each chunk", chunks),
        ("a trailer's name", format!("0\r\n{long}")),
        ("a trailer", format!("0\r\na: {long}")),
        ("trailers", format!("0\r\n{fields}")),
    ] {
        let mut client = scene.connect_quietly()?;
        client.send(&head)?;
        let _ = client.send(frame);
        let response = client.quiet_response("POST")?;
        let refused = matches!(response.status, 400 | 431);
        client.expect_fact("the status", "400 or 431", response.status, refused)?;
        client.expect_end_or_reset()?;
        scene.note(format!("{name} of a mebibyte → a refusal, and the end"));
    }
    Ok(())
}
