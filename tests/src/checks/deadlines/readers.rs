//! Those who read a long response slowly, or no further.

use super::waiting::{in_time, until_it_hears};
use crate::check::Check;
use crate::client::Options;
use crate::client::http::requests::request;
use crate::evidence::failure::Attempt;
use crate::evidence::text::amount;
use crate::scene::Scene;
use crate::scene::site::Site;

pub const CHECKS: &[Check] = &[
    Check::new(
        14,
        "a_reader_that_stalls_is_let_go",
        "A client that doesn't read on in a long response is let go.",
        a_reader_that_stalls_is_let_go,
    )
    .hurries(),
    Check::new(
        14,
        "a_slow_reader_that_gets_on_is_kept",
        "A response that takes longer than an idle connection may, and gets on, is sent whole.",
        a_slow_reader_that_gets_on_is_kept,
    )
    .hurries(),
];

/// More than the largest buffers of two sockets hold.
const LARGE: u64 = 24 << 20;

fn a_reader_that_stalls_is_let_go(scene: &mut Scene) -> Attempt {
    const READERS: usize = 20;
    let site = scene.site()?;
    site.sparse("large", LARGE)?;
    let mut first = scene.connect_with(Options::QUIET)?;
    first.ask()?;
    first.close();
    scene.until_asleep()?;
    let before = scene.readings()?.descriptors;
    let mut readers = Vec::new();
    for _ in 0..READERS {
        let mut reader =
            scene.connect_with(Options { quiet: true, ..Options::SMALL_BUFFERS })?;
        reader.send(request("GET", &site.target("large")))?;
        reader.until_answered()?;
        readers.push(reader);
    }
    let length = amount(LARGE as usize);
    scene.note(format!("{READERS} clients ask for {length}, and don't read"));
    scene.expect_no_more_descriptors(before)?;
    drop(readers);
    Ok(())
}

fn a_slow_reader_that_gets_on_is_kept(scene: &mut Scene) -> Attempt {
    let site = scene.site()?;
    site.sparse("large", LARGE)?;
    in_time(|| {
        let mut was_in_time = true;
        (read_slowly(scene, &site, &mut was_in_time), was_in_time)
    })?;
    let length = amount(LARGE as usize);
    scene.note(format!("a client says nothing, and another reads {length}, slowly"));
    scene.note("the one is let go, and the other gets every byte");
    Ok(())
}

/// Slowly, but so that the server's socket, which has room again only when a third of it is free, has
/// that several times in a second.
fn read_slowly(scene: &mut Scene, site: &Site, in_time: &mut bool) -> Attempt {
    const SOME: u64 = 128 * 1024;
    let mut slow = scene.connect_with(Options::QUIET)?;
    slow.send(request("GET", &site.target("large")))?;
    let mut left = slow.skip_head()?;
    slow.expect_fact("the length", LARGE, left, left == LARGE)?;
    let mut silent = scene.connect_with(Options::QUIET)?;
    let mut read = |most: u64| {
        let mut read = 0;
        while read < most.min(left) {
            read += slow.skip_some(most - read)?;
        }
        left -= read;
        Ok(())
    };
    *in_time = until_it_hears(&silent, || read(SOME))?;
    silent.expect_end()?;
    read(LARGE)
}
