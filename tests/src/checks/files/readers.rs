//! Those who read files and pastes: fast ones, slow ones, and ones that leave.

use super::fetching::{expect_file, expect_status};
use super::sending::LARGE;
use crate::check::Check;
use crate::checks::keeping::posting::{LIMIT, expect_paste, place_of, posted};
use crate::client::http::requests::request;
use crate::client::{Client, Options};
use crate::evidence::failure::{Attempt, Failure};
use crate::evidence::text::amount;
use crate::scene::Scene;
use crate::scene::site::noise;
use crate::system::tool::Tool;

pub const CHECKS: &[Check] = &[
    Check::new(
        11,
        "a_fast_reader_holds_nobody_up",
        "While a client reads a huge file as fast as it comes, others are answered.",
        a_fast_reader_holds_nobody_up,
    ),
    Check::new(
        11,
        "a_fast_reader_of_many_files_holds_nobody_up",
        "A client that asks for a thousand files at once and reads them fast has its turns.",
        a_fast_reader_of_many_files_holds_nobody_up,
    )
    .needs(&[Tool::Strace]),
    Check::new(
        11,
        "files_leave_nothing_behind",
        "When files were sent, or broken off, no more descriptors are open than before.",
        files_leave_nothing_behind,
    ),
    Check::new(
        11,
        "many_readers_of_a_paste_cost_its_memory_once",
        "200 clients that ask for a paste of a MiB and don't read take less than 64 MiB.",
        many_readers_of_a_paste_cost_its_memory_once,
    ),
];

fn a_fast_reader_holds_nobody_up(scene: &mut Scene) -> Attempt {
    const ROUNDS: usize = 10;
    let site = scene.site()?;
    site.write("small", "small\n")?;
    site.sparse("huge", 8 << 30)?;
    let mut a = scene.connect_with(Options::QUIET)?;
    let mut b = scene.connect_with(Options::QUIET)?;
    expect_file(&mut b, &site.target("small"), b"small\n")?;
    a.send(request("GET", &site.target("huge")))?;
    a.receive(b"HTTP/1.1 200 OK\r\n")?;
    a.skip_head()?;
    for _ in 0..ROUNDS {
        b.send(request("GET", &site.target("small")))?;
        while_it_reads(&mut a, &b)?;
        b.quiet_response("GET")?.expect_body("small\n")?;
    }
    scene.note("a client reads a file of 8 GiB, as fast as it can");
    scene.note("meanwhile another is answered ten times");
    Ok(())
}

/// Traced, a server is slower than any reader: it hardly ever has to wait until there is room.
fn a_fast_reader_of_many_files_holds_nobody_up(scene: &mut Scene) -> Attempt {
    const ROUNDS: usize = 3;
    const FILES: usize = 1000;
    let site = scene.site()?;
    site.write("small", "small\n")?;
    site.sparse("large", 200_000)?;
    site.sparse("huge", 64 << 20)?;
    scene.start_traced()?;
    for _ in 0..ROUNDS {
        let mut a = scene.connect_with(Options::QUIET)?;
        let mut b = scene.connect_with(Options::QUIET)?;
        expect_file(&mut b, &site.target("small"), b"small\n")?;
        // By this the kernel learns how fast it reads.
        a.send(request("GET", &site.target("huge")))?;
        let mut left = a.skip_head()?;
        while left > 0 {
            left -= a.skim()?;
        }
        a.send(request("GET", &site.target("large")).repeat(FILES))?;
        a.receive(b"HTTP/1.1 200 OK\r\n")?;
        b.send(request("GET", &site.target("small")))?;
        while_it_reads(&mut a, &b)?;
        b.quiet_response("GET")?.expect_body("small\n")?;
    }
    scene.note("a client asks for 1,000 files of 200,000 bytes in one write, and reads");
    scene.note("another asks later, and doesn't wait for all of them");
    Ok(())
}

/// The first client reads until the second is answered. One thread is both: so what the first
/// got says how much the server sent it meanwhile, however busy the machine.
fn while_it_reads(fast: &mut Client, other: &Client) -> Attempt {
    /// What the sockets between them hold, and some turns.
    const MOST: u64 = 64 << 20;
    let mut read = 0;
    while !other.has_heard() {
        read += fast.skim()?;
        if read > MOST {
            let what = "what a fast reader gets before another is answered";
            let [most, read] = [MOST, read].map(|bytes| amount(bytes as usize));
            return Err(Failure::fact(what, format!("at most {most}"), read));
        }
    }
    Ok(())
}

fn files_leave_nothing_behind(scene: &mut Scene) -> Attempt {
    let site = scene.site()?;
    site.folder("sub")?;
    site.write("sub/index.html", "x")?;
    site.write("small", "x")?;
    site.write("large", noise(LARGE))?;
    let mut a = scene.connect_with(Options::QUIET)?;
    expect_status(&mut a, &site.target("small"), 200)?;
    let before = scene.readings()?.descriptors;
    for turn in 0..20 {
        a.send(request("HEAD", &site.target("small")))?;
        a.quiet_response("HEAD")?.expect_status(200)?;
        // Each time another, so that it isn't open already.
        site.write("changing", noise(100_000 + turn))?;
        expect_status(&mut a, &site.target("changing"), 200)?;
        for (name, status) in
            [("small", 200), ("sub/", 200), ("sub", 301), ("missing", 404)]
        {
            expect_status(&mut a, &site.target(name), status)?;
        }
    }
    scene.note("files, a head, a folder, its index and what is missing, 20 times");
    for _ in 0..10 {
        let mut client = scene.connect_with(Options::QUIET)?;
        client.send(request("GET", &site.target("large")))?;
        client.receive(b"HTTP/1.1 200 OK\r\n")?;
        client.close();
    }
    scene.note("10 clients that leave when a large file has begun");
    scene.expect_no_more_descriptors(before)
}

fn many_readers_of_a_paste_cost_its_memory_once(scene: &mut Scene) -> Attempt {
    const READERS: usize = 200;
    const MEBIBYTE: u64 = 1 << 20;
    const MOST: u64 = 64;
    let paste = noise(LIMIT);
    let mut a = scene.connect_with(Options::QUIET)?;
    let place = place_of(&posted(&mut a, "/p", &paste)?, "/p")?;
    expect_paste(&mut a, &place, &paste)?;
    let before = scene.readings()?.memory;
    let mut readers = Vec::new();
    for _ in 0..READERS {
        let mut reader =
            scene.connect_with(Options { quiet: true, ..Options::SMALL_BUFFERS })?;
        reader.send(request("GET", &place))?;
        reader.until_answered()?;
        readers.push(reader);
    }
    let length = amount(LIMIT);
    scene.note(format!("{READERS} clients ask for a paste of {length}, and don't read"));
    scene.until_asleep()?;
    let grown = scene.readings()?.memory.saturating_sub(before);
    // To the nearest, so that it doesn't depend on the allocator.
    let grown = (grown + MEBIBYTE / 2) / MEBIBYTE;
    if grown >= MOST {
        let expected = format!("less than {MOST}");
        return Err(Failure::fact("MiB of memory more", expected, grown));
    }
    scene.note("the server's memory grows by less than 64 MiB");
    let first = &mut readers[0];
    first.widen();
    first.quiet_response("GET")?.expect_body(&paste)?;
    expect_paste(&mut a, &place, &paste)?;
    scene
        .note("one of them reads at last and gets all of it, and so does another client");
    Ok(())
}
