//! Bodies that come slowly, or no further.

use super::waiting::{
    a_moment_passes, expect_408, expect_in_order, in_time, until_it_hears,
};
use crate::check::Check;
use crate::checks::keeping::posting::{LIMIT, place_of};
use crate::client::http::requests::upload;
use crate::client::{Client, Options};
use crate::evidence::failure::Attempt;
use crate::scene::Scene;
use crate::scene::site::noise;

pub const CHECKS: &[Check] = &[
    Check::new(
        14,
        "a_body_that_stalls_gets_408",
        "A client that begins a body and stalls gets 408, and the end.",
        a_body_that_stalls_gets_408,
    )
    .hurries(),
    Check::new(
        14,
        "a_body_that_drips_gets_408",
        "A body has to get on by 16 KiB each time: fewer bytes don't postpone its deadline.",
        a_body_that_drips_gets_408,
    )
    .hurries(),
    Check::new(
        14,
        "a_slow_body_is_read_whole",
        "A body that takes longer than an idle connection may, and gets on, is read whole.",
        a_slow_body_is_read_whole,
    )
    .hurries(),
];

fn a_body_that_stalls_gets_408(scene: &mut Scene) -> Attempt {
    let mut by_length = scene.connect()?;
    by_length.send(upload("/p", "Content-Length: 10") + "half")?;
    let mut in_chunks = scene.connect()?;
    in_chunks.send(upload("/p", "Transfer-Encoding: chunked") + "4\r\nhalf\r\n")?;
    let mut told = scene.connect()?;
    told.send(upload("/p", "Expect: 100-continue\r\nContent-Length: 10"))?;
    told.expect("HTTP/1.1 100 Continue\r\n\r\n")?;
    expect_408(&mut by_length)?;
    expect_408(&mut in_chunks)?;
    expect_408(&mut told)
}

fn a_body_that_drips_gets_408(scene: &mut Scene) -> Attempt {
    let head = upload("/p", "Content-Length: 200000");
    let mut drips = scene.connect()?;
    drips.send(&head)?;
    a_moment_passes(scene)?;
    let mut stalls = scene.connect()?;
    stalls.send(&head)?;
    // Five thousand bytes a second at most.
    drips.note("→ 100 bytes now and then");
    until_it_hears(&stalls, || drips.goes(&[b'x'; 100]).map(drop))?;
    expect_in_order(scene, &drips, &stalls)?;
    expect_408(&mut drips)?;
    expect_408(&mut stalls)
}

fn a_slow_body_is_read_whole(scene: &mut Scene) -> Attempt {
    in_time(|| {
        let mut was_in_time = true;
        (upload_slowly(scene, &mut was_in_time), was_in_time)
    })?;
    scene.note(
        "a client says nothing, and another sends a paste of 1 MiB, 16 KiB at a time",
    );
    scene.note("the one is let go, and the other goes on → 201");
    Ok(())
}

fn upload_slowly(scene: &mut Scene, in_time: &mut bool) -> Attempt {
    const PIECE: usize = 16 * 1024;
    let body = noise(LIMIT);
    let mut slow = scene.connect_with(Options::QUIET)?;
    slow.send_unnoted(upload("/p", &format!("Content-Length: {LIMIT}")).as_bytes())?;
    let mut silent = scene.connect_with(Options::QUIET)?;
    let mut pieces = body.chunks(PIECE);
    let send = |slow: &mut Client, piece: Option<&[u8]>| match piece {
        Some(piece) => slow.send_whole(piece),
        None => Ok(()),
    };
    *in_time = until_it_hears(&silent, || send(&mut slow, pieces.next()))?;
    silent.expect_end()?;
    // It has taken longer by now than an idle connection may.
    for piece in pieces {
        slow.send_whole(piece)?;
    }
    place_of(&slow.quiet_response("POST")?, "/p").map(drop)
}
