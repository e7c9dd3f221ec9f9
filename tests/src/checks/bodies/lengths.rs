//! Requests with bodies of a Content-Length: step 7, and from there on.

use super::uploads::{
    GIBIBYTE, PIECE, expect_flat_memory, expect_the_same_cut_anywhere,
    expect_to_ask_in_vain, expect_to_be_asked, expect_to_be_passed_over,
};
use crate::check::Check;
use crate::client::http::requests::{request, upload};
use crate::evidence::failure::{Attempt, Failure};
use crate::scene::Scene;

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

fn a_client_that_asks_in_vain_is_refused_at_once(scene: &mut Scene) -> Attempt {
    expect_to_ask_in_vain(scene, "Content-Length: 5")
}

fn a_body_nobody_wants_is_no_request(scene: &mut Scene) -> Attempt {
    expect_to_be_passed_over(scene, |body| {
        (format!("Content-Length: {}", body.len()), body.to_string())
    })
}

fn a_body_cut_anywhere_is_the_same_body(scene: &mut Scene) -> Attempt {
    let requests = upload("/", "Content-Length: 5")
        + "hello"
        + &upload("/", "Content-Length: 1")
        + "!"
        + &request("HEAD", "/");
    expect_the_same_cut_anywhere(scene, &requests)
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
