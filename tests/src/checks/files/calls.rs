//! What files cost in system calls and descriptors.

use std::time::Duration;

use super::fetching::{expect_file, expect_status};
use crate::check::Check;
use crate::checks::counts::Counts;
use crate::client::Options;
use crate::client::http::requests::request;
use crate::evidence::failure::{Attempt, Failure};
use crate::evidence::text::{amount, grouped};
use crate::scene::Scene;
use crate::scene::site::noise;
use crate::system::tool::Tool;
use crate::system::trace::WAITS;

pub const CHECKS: &[Check] = &[
    Check::new(
        12,
        "a_small_file_leaves_in_one_write",
        "A small file travels in one write with its head.",
        a_small_file_leaves_in_one_write,
    )
    .needs(&[Tool::Strace]),
    Check::new(
        11,
        "a_large_file_leaves_in_few_writes",
        "A large file leaves in pieces of 4 KiB or more on the average, and none is empty.",
        a_large_file_leaves_in_few_writes,
    )
    .needs(&[Tool::Strace]),
    Check::new(
        12,
        "an_open_file_stays_open",
        "A file that is asked for again and again isn't opened each time.",
        an_open_file_stays_open,
    )
    .needs(&[Tool::Strace]),
    Check::new(
        11,
        "open_files_have_a_limit",
        "However many files are asked for, few of them stay open.",
        open_files_have_a_limit,
    ),
    Check::new(
        11,
        "a_deleted_file_is_let_go_when_nobody_asks",
        "A file that was served and then deleted doesn't stay open, although no request follows.",
        a_deleted_file_is_let_go_when_nobody_asks,
    ),
    Check::new(
        11,
        "nothing_wakes_without_a_cause",
        "A server that has files to let go wakes for that once, and not again and again.",
        nothing_wakes_without_a_cause,
    )
    .needs(&[Tool::Strace]),
];

fn a_small_file_leaves_in_one_write(scene: &mut Scene) -> Attempt {
    const TIMES: usize = 10;
    const LENGTHS: [usize; 4] = [0, 1, 1024, 8192];
    let site = scene.site()?;
    for length in LENGTHS {
        site.write(&length.to_string(), noise(length))?;
    }
    scene.start_traced()?;
    let mut a = scene.connect_with(Options::QUIET)?;
    let writes = Counts::during(scene, &mut a, |a| {
        for length in LENGTHS {
            for _ in 0..TIMES {
                expect_file(a, &site.target(&length.to_string()), &noise(length))?;
            }
        }
        Ok(())
    })?
    .writes;
    let files = LENGTHS.len() * TIMES;
    // One of them is of the first response.
    let writes = writes.saturating_sub(1);
    if writes != files {
        let what = format!("calls that write to the connection for {files} small files");
        return Err(Failure::fact(what, files, grouped(writes as u64)));
    }
    scene.note(format!("{files} files of at most 8 KiB left in {files} writes"));
    Ok(())
}

fn a_large_file_leaves_in_few_writes(scene: &mut Scene) -> Attempt {
    const LENGTH: usize = 4 << 20;
    const MOST: usize = LENGTH / 4096;
    let site = scene.site()?;
    site.write("large", noise(LENGTH))?;
    scene.start_traced()?;
    let mut a = scene.connect_with(Options::QUIET)?;
    let counts = Counts::during(scene, &mut a, |a| {
        expect_file(a, &site.target("large"), &noise(LENGTH))
    })?;
    for (what, most, count) in [
        ("calls that write to the connection", MOST, counts.writes),
        ("calls that have nothing to write", 0, counts.empty_writes),
    ] {
        if count > most {
            let most = format!("at most {most}");
            return Err(Failure::fact(what, most, grouped(count as u64)));
        }
    }
    let (length, most) = (amount(LENGTH), grouped(MOST as u64));
    scene.note(format!("a file of {length} left in at most {most} writes"));
    Ok(())
}

/// Half a second for one request would be a very slow machine.
fn an_open_file_stays_open(scene: &mut Scene) -> Attempt {
    const TIMES: usize = 100;
    let site = scene.site()?;
    for (name, length) in [("small", 1024), ("large", 100_000)] {
        site.write(name, noise(length))?;
    }
    scene.start_traced()?;
    let mut a = scene.connect_with(Options::QUIET)?;
    let opens = Counts::during(scene, &mut a, |a| {
        for _ in 0..TIMES {
            for (name, length) in [("small", 1024), ("large", 100_000)] {
                expect_file(a, &site.target(name), &noise(length))?;
            }
        }
        Ok(())
    })?
    .opens;
    if opens > TIMES {
        let what = format!("files opened for {} requests", 2 * TIMES);
        let most = format!("at most {TIMES}");
        return Err(Failure::fact(what, most, grouped(opens as u64)));
    }
    scene.note(
        "two files in turn, a hundred times each: less than half as many are opened",
    );
    Ok(())
}

fn open_files_have_a_limit(scene: &mut Scene) -> Attempt {
    const FILES: usize = 2000;
    const AT_ONCE: usize = 100;
    const MOST: usize = 1100;
    let site = scene.site()?;
    let mut a = scene.connect_with(Options::QUIET)?;
    expect_status(&mut a, "/", 200)?;
    let before = scene.readings()?.descriptors;
    let names: Vec<String> = (0..FILES).map(|number| format!("{number}.bin")).collect();
    for name in &names {
        site.sparse(name, 20_000)?;
    }
    let mut most = 0;
    // All within the second for which a server may keep them, bound or no bound.
    for names in names.chunks(AT_ONCE) {
        let requests = names.iter().map(|name| request("GET", &site.target(name)));
        a.send(requests.collect::<String>())?;
        for _ in names {
            a.quiet_response("GET")?.expect_status(200)?;
        }
        most = most.max(scene.readings()?.descriptors.saturating_sub(before));
    }
    if most > MOST {
        let what = format!("files open when {FILES} were asked for");
        let received = grouped(most as u64);
        return Err(Failure::fact(what, format!("at most {MOST}"), received));
    }
    let mut b = scene.connect_with(Options::QUIET)?;
    expect_status(&mut b, "/", 200)?;
    scene.note("2,000 files of 20,000 bytes are asked for: few stay open");
    Ok(())
}

/// Or its room on the disk would be taken until somebody comes.
fn a_deleted_file_is_let_go_when_nobody_asks(scene: &mut Scene) -> Attempt {
    const FILES: usize = 8;
    let site = scene.site()?;
    let mut a = scene.connect_with(Options::QUIET)?;
    expect_status(&mut a, "/", 200)?;
    let before = scene.readings()?.descriptors;
    for number in 0..FILES {
        let name = format!("{number}.bin");
        site.write(&name, noise(100_000))?;
        expect_file(&mut a, &site.target(&name), &noise(100_000))?;
        site.done(std::fs::remove_file(site.place(&name)))?;
    }
    let readings = scene.await_reading(|readings| readings.descriptors <= before)?;
    if readings.descriptors > before {
        let open = readings.descriptors - before;
        return Err(Failure::fact("deleted files that are open", 0, open));
    }
    scene.note(format!("{FILES} files are served, deleted, and soon closed"));
    Ok(())
}

/// A limit that is rounded down ends before there is anything to do, and the next is zero.
fn nothing_wakes_without_a_cause(scene: &mut Scene) -> Attempt {
    const TIMES: usize = 5;
    let site = scene.site()?;
    site.write("file", noise(100_000))?;
    scene.start_traced()?;
    let mut a = scene.connect_with(Options::QUIET)?;
    let mut in_vain = 0;
    for _ in 0..TIMES {
        expect_file(&mut a, &site.target("file"), &noise(100_000))?;
        // What the file itself took is over then.
        scene.until_asleep()?;
        let calls = scene.calls_during(Duration::from_millis(1100));
        let waits = calls.iter().filter(|call| call.is_one_of(WAITS));
        in_vain += waits.filter(|call| call.args.ends_with(", 0")).count();
    }
    if in_vain > 0 {
        let what = "waits for no time at all, while nobody asks";
        return Err(Failure::fact(what, 0, grouped(in_vain as u64)));
    }
    scene
        .note(format!("{TIMES} times a file is asked for, and then nothing for a while"));
    Ok(())
}
