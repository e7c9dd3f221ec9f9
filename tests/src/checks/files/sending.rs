//! How files are sent: whatever becomes of them, whoever reads them.

use std::fs::File;
use std::io::Write;

use super::fetching::{expect_soon, expect_status};
use crate::check::Check;
use crate::client::Options;
use crate::client::http::requests::request;
use crate::evidence::failure::Attempt;
use crate::evidence::text::amount;
use crate::scene::Scene;
use crate::scene::site::noise;

pub const CHECKS: &[Check] = &[
    Check::new(
        11,
        "a_file_cut_short_ends_the_connection",
        "When a file becomes shorter while it is sent, the connection ends early.",
        a_file_cut_short_ends_the_connection,
    ),
    Check::new(
        11,
        "a_file_that_grows_is_sent_as_it_was",
        "When a file becomes longer while it is sent, no more is sent than was promised.",
        a_file_that_grows_is_sent_as_it_was,
    ),
    Check::new(
        11,
        "a_large_file_fills_no_memory",
        "A slow reader of a large file costs no memory, holds nobody up and gets all of it.",
        a_large_file_fills_no_memory,
    ),
    Check::new(
        11,
        "eight_gibibytes_fill_no_memory",
        "A file of 8 GiB has its length, is sent at once, and costs no memory.",
        eight_gibibytes_fill_no_memory,
    ),
];

/// More than all buffers between the server and a client with small ones hold.
pub(super) const LARGE: usize = 24 << 20;

/// Nothing is kept of it: sendfile(2) hands on the file's own pages, and of one that is cut
/// in its midst the rest becomes zeros, even where it waits in a socket.
fn a_file_cut_short_ends_the_connection(scene: &mut Scene) -> Attempt {
    let site = scene.site()?;
    let content = noise(LARGE);
    site.write("large", &content)?;
    let mut a = scene.connect_with(Options::SMALL_BUFFERS)?;
    a.send_unnoted(request("GET", &site.target("large")).as_bytes())?;
    a.receive(b"HTTP/1.1 200 OK\r\n")?;
    a.note(format!("← the start of a file of {}", amount(LARGE)));
    let file = site.done(File::options().write(true).open(site.place("large")))?;
    site.done(file.set_len(0))?;
    scene.note("the file is cut to nothing");
    a.widen();
    let promised = a.skip_head()?;
    a.expect_fact("the field Content-Length", LARGE, promised, promised == LARGE as u64)?;
    let body = a.read_until_it_ends()?;
    a.expect_fact("the body", "less of it", amount(body.len()), body.len() < LARGE)?;
    let same = content.starts_with(&body);
    a.expect_fact("what came of it", "the file's bytes", "other ones", same)?;
    a.note("← less than was promised, all of it the file's, and the end");
    let mut b = scene.connect_with(Options::QUIET)?;
    expect_soon(&mut b, &site.target("large"), b"")
}

fn a_file_that_grows_is_sent_as_it_was(scene: &mut Scene) -> Attempt {
    let site = scene.site()?;
    let content = noise(LARGE);
    site.write("large", &content)?;
    let mut a = scene.connect_with(Options::SMALL_BUFFERS)?;
    let both = ["large", "missing"].map(|name| request("GET", &site.target(name)));
    // In one write: once the first is answered, the second may wait in the kernel.
    a.send_unnoted(both.concat().as_bytes())?;
    a.note("→ a request for a file, and one for what isn't there");
    // Its length has been promised.
    a.until_answered()?;
    let file = site.done(File::options().append(true).open(site.place("large")));
    let grown = file?.write_all(b"and more");
    site.done(grown)?;
    a.widen();
    let response = a.quiet_response("GET")?;
    response.expect_body(&content)?;
    a.note("← the file as it was");
    a.quiet_response("GET")?.expect_status(404)?;
    a.note("← HTTP/1.1 404 …");
    Ok(())
}

fn a_large_file_fills_no_memory(scene: &mut Scene) -> Attempt {
    const SIZE: u64 = 64 << 20;
    let site = scene.site()?;
    let file = site.done(File::create(site.place("large")))?;
    site.done(file.set_len(SIZE))?;
    let mut first = scene.connect_with(Options::QUIET)?;
    expect_status(&mut first, "/", 200)?;
    let before = scene.readings()?.memory;
    let mut a = scene.connect_with(Options::SMALL_BUFFERS)?;
    a.send_unnoted(request("GET", &site.target("large")).as_bytes())?;
    a.receive(b"HTTP/1.1 200 OK\r\n")?;
    a.note(format!(
        "← the start of a file of {}, and reads no more",
        amount(SIZE as usize)
    ));
    for _ in 0..20 {
        expect_status(&mut first, "/", 200)?;
    }
    scene.note("meanwhile another client is answered twenty times");
    a.widen();
    let mut grown = scene.readings()?.memory.saturating_sub(before);
    let mut left = a.skip_head()?;
    let mut next = left / 2;
    while left > 0 {
        left -= a.skip_some(left)?;
        if left < next {
            grown = grown.max(scene.readings()?.memory.saturating_sub(before));
            next /= 2;
        }
    }
    a.note("reads all of it");
    scene.expect_little(grown)?;
    expect_status(&mut a, "/", 200)
}

fn eight_gibibytes_fill_no_memory(scene: &mut Scene) -> Attempt {
    const SIZE: u64 = 8 << 30;
    const SOME: u64 = 256 << 20;
    let site = scene.site()?;
    site.sparse_with_end("huge", SIZE, b"the end")?;
    let length = SIZE + 7;
    let mut a = scene.connect_with(Options::QUIET)?;
    expect_status(&mut a, "/", 200)?;
    let before = scene.readings()?.memory;
    a.send(request("HEAD", &site.target("huge")))?;
    let head = a.quiet_response("HEAD")?;
    head.expect_status(200)?;
    head.expect_field("Content-Length", &length.to_string())?;
    scene.note("HEAD of a file of 8 GiB and seven bytes → its length");
    a.send(request("GET", &site.target("huge")))?;
    a.receive(b"HTTP/1.1 200 OK\r\n")?;
    let promised = a.skip_head()?;
    a.expect_fact("the field Content-Length", length, promised, promised == length)?;
    let (mut read, mut next, mut grown) = (0, 0, 0);
    while read < SOME {
        read += a.skip_some(SOME)?;
        if read >= next {
            grown = grown.max(scene.readings()?.memory.saturating_sub(before));
            next += SOME / 16;
        }
    }
    a.close();
    scene.note(format!("a client reads {} of it, and leaves", amount(SOME as usize)));
    scene.expect_little(grown)?;
    let mut b = scene.connect_with(Options::QUIET)?;
    expect_status(&mut b, "/", 200)
}
