//! What requests cost in system calls: step 6, and from there on.

use crate::check::Check;
use crate::checks::counts::Counts;
use crate::client::http::pipeline::Pipeline;
use crate::client::http::requests::request;
use crate::evidence::failure::{Attempt, Failure};
use crate::evidence::text::grouped;
use crate::scene::Scene;
use crate::system::tool::Tool;

pub const CHECKS: &[Check] = &[
    Check::new(
        6,
        "sixteen_responses_leave_in_one_write",
        "The responses to 16 requests that came together leave in one write.",
        sixteen_responses_leave_in_one_write,
    )
    .needs(&[Tool::Strace]),
    Check::new(
        6,
        "a_request_takes_one_wait_one_read_and_one_write",
        "A request on a connection that stays takes one wait, one read and one write.",
        a_request_takes_one_wait_one_read_and_one_write,
    )
    .needs(&[Tool::Strace]),
];

fn sixteen_responses_leave_in_one_write(scene: &mut Scene) -> Attempt {
    scene.start_traced()?;
    let pipeline = Pipeline::without_pages(16);
    let mut a = scene.connect()?;
    let writes = Counts::during(scene, &mut a, |a| {
        a.note("→ 16 requests in one write");
        a.send_unnoted(&pipeline.bytes())?;
        pipeline.expect_answers(a)
    })?
    .writes;
    // One of them is of the first response.
    if writes != 2 {
        let writes = writes.saturating_sub(1);
        let what = "calls that write to the connection for 16 responses";
        return Err(Failure::fact(what, 1, grouped(writes as u64)));
    }
    scene.note("the 16 responses left in one call");
    Ok(())
}

fn a_request_takes_one_wait_one_read_and_one_write(scene: &mut Scene) -> Attempt {
    const REQUESTS: usize = 50;
    const FEW: usize = 2;
    scene.start_traced()?;
    let mut a = scene.connect()?;
    // They say nothing, and nobody should try to read from them.
    let _silent = scene.connect_crowd(20)?;
    let counts = Counts::during(scene, &mut a, |a| {
        for _ in 1..REQUESTS {
            // A page may be a file, whose head and body may be written one after the other.
            a.send_unnoted(request("HEAD", "/").as_bytes())?;
            a.quiet_response("HEAD")?.expect_status(200)?;
        }
        a.note(
            "→ 49 requests more, each after the response before, and gets 49 responses",
        );
        Ok(())
    })?;
    for (what, count) in [
        ("waits", counts.waits),
        ("reads", counts.reads),
        ("reads of silent clients", counts.other_reads),
        ("writes", counts.writes),
    ] {
        if count > REQUESTS + FEW {
            let what = format!("{what} for {REQUESTS} requests");
            return Err(Failure::fact(what, REQUESTS, grouped(count as u64)));
        }
    }
    if counts.changes > FEW {
        let what = format!("changes of what is waited for, for {REQUESTS} requests");
        return Err(Failure::fact(what, 0, grouped(counts.changes as u64)));
    }
    scene.note("that took the server 50 waits, 50 reads and 50 writes");
    Ok(())
}
