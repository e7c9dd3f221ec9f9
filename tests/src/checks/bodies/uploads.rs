//! What is expected of uploads, however they are framed.

use crate::client::http::requests::{request, upload};
use crate::client::{Client, Options};
use crate::evidence::failure::{Attempt, Failure};
use crate::evidence::text::{amount, grouped};
use crate::scene::Scene;

pub(crate) const GIBIBYTE: usize = 1 << 30;
/// What is sent of it at a time.
pub(crate) const PIECE: usize = 1 << 20;

/// Sends a GiB of zeros, framed so, and looks at the server's memory meanwhile.
pub(crate) fn expect_flat_memory(
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

/// Uploads that wait for 100, and ones that needn't; the status is what a whole one gets.
pub(crate) fn expect_to_be_asked(
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
pub(crate) fn expect_100(
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

pub(crate) fn expect_status(client: &mut Client, status: u16) -> Attempt {
    client.quiet_response("POST")?.expect_status(status)?;
    client.note(format!("← HTTP/1.1 {status} …"));
    Ok(())
}

pub(crate) fn expect_to_ask_in_vain(scene: &mut Scene, framing: &str) -> Attempt {
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

/// Bodies that would be requests if they weren't framed, and that nobody wants.
pub(crate) fn expect_to_be_passed_over(
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
    let mut client = scene.connect_with(Options::QUIET)?;
    client.send(upload("/no-such-page", &fields))?;
    let _ = client.send(body);
    let response = client.response()?;
    response.expect_field("Connection", "close")?;
    client.expect_end_or_reset()?;
    scene.note(format!("{} in vain → a refusal, and the end", amount(many.len())));
    Ok(())
}

/// Two uploads and a HEAD.
pub(crate) fn expect_the_same_cut_anywhere(scene: &mut Scene, requests: &str) -> Attempt {
    let mut statuses = None;
    for cut in 0..requests.len() {
        let mut client = scene.connect_with(Options::QUIET)?;
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
