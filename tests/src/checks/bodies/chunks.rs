//! Requests with bodies in chunks: step 8, and from there on.

use std::fs;

use super::uploads::{
    GIBIBYTE, PIECE, expect_100, expect_flat_memory, expect_status,
    expect_the_same_cut_anywhere, expect_to_ask_in_vain, expect_to_be_passed_over,
};
use crate::check::Check;
use crate::checks::visitors::curl;
use crate::client::http::requests::{request, upload};
use crate::client::{Client, Options};
use crate::evidence::failure::{Attempt, Failure};
use crate::evidence::text::amount;
use crate::scene::Scene;
use crate::scene::site::noise;
use crate::system::tool::Tool;

pub const CHECKS: &[Check] = &[
    Check::new(
        8,
        "a_body_in_chunks_is_summed",
        "The length and CRC-32 of a body in chunks are those of its bytes alone.",
        a_body_in_chunks_is_summed,
    )
    .until(9),
    Check::new(
        8,
        "a_gibibyte_in_chunks_fills_no_memory",
        "A GiB in chunks goes through, and the server's memory stays flat.",
        a_gibibyte_in_chunks_fills_no_memory,
    )
    .until(8),
    Check::new(
        8,
        "a_client_without_a_length_gets_100_continue",
        "Chunks are asked for, too, if the client waits for 100 and the body is wanted.",
        a_client_without_a_length_gets_100_continue,
    )
    .until(9),
    Check::new(
        8,
        "chunks_offered_in_vain_are_refused_at_once",
        "Chunks that nobody wants aren't asked for: the answer comes first, and the end.",
        chunks_offered_in_vain_are_refused_at_once,
    ),
    Check::new(
        8,
        "chunks_nobody_wants_are_no_request",
        "Chunks that nobody reads are passed over, or end the connection if they are long.",
        chunks_nobody_wants_are_no_request,
    ),
    Check::new(
        8,
        "chunks_cut_anywhere_are_the_same_body",
        "Requests in chunks, cut in two at any byte, are answered the same.",
        chunks_cut_anywhere_are_the_same_body,
    ),
    Check::new(
        8,
        "trailers_are_no_more_than_the_fields_of_a_head",
        "128 trailers are fine, and 129 are refused.",
        trailers_are_no_more_than_the_fields_of_a_head,
    ),
    Check::new(
        8,
        "the_frame_of_a_chunk_has_a_limit",
        "Extensions and trailers that don't end are refused.",
        the_frame_of_a_chunk_has_a_limit,
    ),
    Check::new(
        8,
        "curl_uploads_in_chunks",
        "What curl sends in chunks is counted and summed as it is.",
        curl_uploads_in_chunks,
    )
    .until(9)
    .needs(&[Tool::Curl]),
];

const CHUNKED: &str = "Transfer-Encoding: chunked";

fn a_body_in_chunks_is_summed(scene: &mut Scene) -> Attempt {
    let mut a = scene.connect()?;
    a.send(upload("/", CHUNKED) + "2\r\nhe\r\n3\r\nllo\r\n0\r\n\r\n")?;
    a.response()?.expect_body("5 bytes, CRC-32 3610a686\n")?;
    a.send(upload("/", CHUNKED) + "0\r\n\r\n")?;
    a.response()?.expect_body("0 bytes, CRC-32 00000000\n")?;
    a.send(upload("/", CHUNKED))?;
    a.drip("4;a=b\r\n1234\r\n05\r\n56789\r\n0\r\nA: b\r\n\r\n")?;
    a.response()?.expect_body("9 bytes, CRC-32 cbf43926\n")
}

fn a_gibibyte_in_chunks_fills_no_memory(scene: &mut Scene) -> Attempt {
    assert!(GIBIBYTE.is_multiple_of(PIECE), "all chunks are of one size");
    let zeros = vec![0; PIECE];
    let size = format!("{PIECE:x}\r\n");
    let chunk = [size.as_bytes(), &zeros, b"\r\n"].concat();
    expect_flat_memory(scene, CHUNKED, &chunk, "0\r\n\r\n")
}

fn a_client_without_a_length_gets_100_continue(scene: &mut Scene) -> Attempt {
    let mut a = scene.connect()?;
    let fields = format!("expect: 100-Continue\r\n{CHUNKED}");
    expect_100(&mut a, "/", &fields, "1\r\n!\r\n0\r\n\r\n")?;
    expect_status(&mut a, 200)?;
    a.expect_silence()
}

fn chunks_offered_in_vain_are_refused_at_once(scene: &mut Scene) -> Attempt {
    expect_to_ask_in_vain(scene, CHUNKED)
}

fn chunks_nobody_wants_are_no_request(scene: &mut Scene) -> Attempt {
    expect_to_be_passed_over(scene, |body| {
        let chunk = format!("{:x}\r\n{body}\r\n0\r\n\r\n", body.len());
        (CHUNKED.into(), chunk)
    })
}

fn chunks_cut_anywhere_are_the_same_body(scene: &mut Scene) -> Attempt {
    let requests = upload("/", CHUNKED)
        + "5;a=b\r\nhello\r\n0\r\nA: b\r\n\r\n"
        + &upload("/", CHUNKED)
        + "1 ; c=\"\\\"\"\r\n!\r\n00\r\n\r\n"
        + &request("HEAD", "/");
    expect_the_same_cut_anywhere(scene, &requests)
}

fn trailers_are_no_more_than_the_fields_of_a_head(scene: &mut Scene) -> Attempt {
    const MOST: usize = 128;
    let in_all = |trailers: usize| {
        let trailers = "A: b\r\n".repeat(trailers);
        upload("/", CHUNKED) + "1\r\n!\r\n0\r\n" + &trailers + "\r\n"
    };
    let mut a = scene.connect_with(Options::QUIET)?;
    a.send(in_all(MOST) + &request("HEAD", "/"))?;
    let response = a.quiet_response("POST")?;
    let understood = matches!(response.status, 200 | 404 | 405);
    let expected = "that of a request understood";
    a.expect_fact("the status", expected, response.status, understood)?;
    a.quiet_response("HEAD")?.expect_status(200)?;
    scene.note(format!("{MOST} trailers → understood, and so is the next request"));
    let mut b = scene.connect_with(Options::QUIET)?;
    b.send(in_all(MOST + 1))?;
    expect_refusal(&mut b)?;
    scene.note(format!("{} → a refusal, and the end", MOST + 1));
    Ok(())
}

fn the_frame_of_a_chunk_has_a_limit(scene: &mut Scene) -> Attempt {
    const ENDLESS: usize = 1 << 20;
    let head = upload("/", CHUNKED);
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
        let mut client = scene.connect_with(Options::QUIET)?;
        client.send(&head)?;
        let _ = client.send(frame);
        expect_refusal(&mut client)?;
        scene.note(format!("{name} of a mebibyte → a refusal, and the end"));
    }
    Ok(())
}

fn expect_refusal(client: &mut Client) -> Attempt {
    let status = client.quiet_response("POST")?.status;
    let refused = matches!(status, 400 | 431);
    client.expect_fact("the status", "400 or 431", status, refused)?;
    client.expect_end_or_reset()
}

fn curl_uploads_in_chunks(scene: &mut Scene) -> Attempt {
    let place = |error| Failure::own("write a file for curl", error);
    let folder = tempfile::tempdir().map_err(place)?;
    let file = folder.path().join("upload");
    for length in [5, 300_000] {
        let content = noise(length);
        fs::write(&file, &content).map_err(place)?;
        let data = format!("@{}", file.display());
        let arguments = ["--header", CHUNKED, "--data-binary", &data];
        let visit = curl(scene, &arguments, &["/"])?;
        let sum = crc32fast::hash(&content);
        let expected = format!("{length} bytes, CRC-32 {sum:08x}\n");
        if visit.stdout != expected {
            let what = "what curl prints of the answer";
            return Err(Failure::fact(what, expected, visit.stdout));
        }
        scene
            .note(format!("curl sends {} in chunks, and gets their sum", amount(length)));
    }
    Ok(())
}
