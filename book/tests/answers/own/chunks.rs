//! Chapter 8.

use checks::check::Check;
use checks::client::Options;
use checks::evidence::failure::Attempt;
use checks::scene::Scene;

pub const CHECKS: &[Check] = &[
    Check::new(
        8,
        "chunks_without_their_end_get_no_answer",
        "Without the empty line behind the last chunk, a request gets nothing but the end.",
        chunks_without_their_end_get_no_answer,
    ),
    Check::new(
        8,
        "a_chunk_too_large_is_refused_unread",
        "A chunk that is larger than the room for the body is 413 before its data comes.",
        a_chunk_too_large_is_refused_unread,
    ),
];

const HEAD: &str = "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n";

fn chunks_without_their_end_get_no_answer(scene: &mut Scene) -> Attempt {
    let mut a = scene.connect()?;
    a.send(HEAD.to_owned() + "5\r\nhello\r\n0\r\n")?;
    a.half_close()?;
    a.expect_end()
}

fn a_chunk_too_large_is_refused_unread(scene: &mut Scene) -> Attempt {
    for chunks in ["40000001\r\n", "1\r\nx\r\n40000000\r\n"] {
        let mut client = scene.connect_with(Options::QUIET)?;
        client.send(HEAD.to_owned() + chunks)?;
        let response = client.quiet_response("POST")?;
        response.expect_status(413)?;
        response.expect_field("Connection", "close")?;
        client.expect_end()?;
    }
    let mut client = scene.connect_with(Options::QUIET)?;
    client.send(HEAD.to_owned() + "40000000\r\n")?;
    client.expect_silence()
}
