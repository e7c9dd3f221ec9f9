//! What long bodies cost in system calls.

use crate::check::Check;
use crate::checks::counts::Counts;
use crate::client::http::requests::post;
use crate::evidence::failure::{Attempt, Failure};
use crate::evidence::text::{amount, grouped};
use crate::scene::Scene;
use crate::scene::site::noise;
use crate::system::tool::Tool;

pub const CHECKS: &[Check] = &[
    Check::new(
        7,
        "a_long_body_takes_few_reads",
        "A long body is read in pieces of 4 KiB or more, on the average.",
        a_long_body_takes_few_reads,
    )
    .until(9)
    .needs(&[Tool::Strace]),
    Check::new(
        10,
        "a_long_paste_takes_few_reads",
        "A long paste is read in pieces of 4 KiB or more, on the average.",
        a_long_paste_takes_few_reads,
    )
    .needs(&[Tool::Strace]),
];

fn a_long_body_takes_few_reads(scene: &mut Scene) -> Attempt {
    expect_few_reads(scene, "/", 200)
}

fn a_long_paste_takes_few_reads(scene: &mut Scene) -> Attempt {
    expect_few_reads(scene, "/p", 201)
}

/// Posts a mebibyte.
fn expect_few_reads(scene: &mut Scene, target: &str, status: u16) -> Attempt {
    const LENGTH: usize = 1 << 20;
    const MOST: usize = LENGTH / 4096;
    scene.start_traced()?;
    let mut a = scene.connect()?;
    let reads = Counts::during(scene, &mut a, |a| {
        a.send_unnoted(&post(target, &noise(LENGTH)))?;
        a.note(format!("→ POST {target}, {}", amount(LENGTH)));
        a.quiet_response("POST")?.expect_status(status)
    })?
    .reads;
    if reads > MOST {
        let most = format!("at most {MOST}");
        let what = "calls that read the body";
        return Err(Failure::fact(what, most, grouped(reads as u64)));
    }
    scene.note(format!("that took the server at most {MOST} reads"));
    Ok(())
}
