//! What several parts cost in system calls.

use super::multipart::parts;
use crate::check::Check;
use crate::checks::counts::Counts;
use crate::checks::files::fetching::get;
use crate::client::Options;
use crate::evidence::failure::{Attempt, Failure};
use crate::evidence::text::{amount, grouped};
use crate::scene::Scene;
use crate::scene::site::noise;
use crate::system::tool::Tool;

pub const CHECKS: &[Check] = &[Check::new(
    13,
    "several_parts_leave_in_one_turn",
    "Parts that the socket has room for leave one after another, without a wait between.",
    several_parts_leave_in_one_turn,
)
.needs(&[Tool::Strace])];

/// Larger than what a server would copy into one buffer, and together less than a socket takes.
fn several_parts_leave_in_one_turn(scene: &mut Scene) -> Attempt {
    const PART: usize = 20_000;
    const PARTS: usize = 6;
    const TIMES: usize = 10;
    let site = scene.site()?;
    let content = noise(1 << 20);
    site.write("large", &content)?;
    let first = |part: usize| 2 * PART * part;
    let sets =
        (0..PARTS).map(|part| format!("{}-{}", first(part), first(part) + PART - 1));
    let range = format!("Range: bytes={}\r\n", sets.collect::<Vec<_>>().join(","));
    scene.start_traced()?;
    let mut a = scene.connect_with(Options::QUIET)?;
    let waits = Counts::during(scene, &mut a, |a| {
        for _ in 0..TIMES {
            let response = get(a, &site.target("large"), &range)?;
            response.expect_status(206)?;
            let parts = parts(&response, content.len())?;
            a.expect_fact("the parts", PARTS, parts.len(), parts.len() == PARTS)?;
            for (number, part) in parts.iter().enumerate() {
                let is_it = content[first(number)..].starts_with(&part.content);
                a.expect_fact("a part's bytes", "the file's", "other ones", is_it)?;
            }
        }
        Ok(())
    })?
    .waits;
    // One for each request, and one for the first that was asked.
    let most = 2 * TIMES;
    if waits > most {
        let what = format!("waits for {TIMES} responses of {PARTS} parts");
        return Err(Failure::fact(
            what,
            format!("at most {most}"),
            grouped(waits as u64),
        ));
    }
    scene.note(format!(
        "{TIMES} responses of {PARTS} parts of {} each: at most {most} waits",
        amount(PART)
    ));
    Ok(())
}
