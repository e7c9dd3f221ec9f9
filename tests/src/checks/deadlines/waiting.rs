//! How checks wait for a deadline: for the event, and never for a time. That a deadline isn't early
//! is seen by another client, whose time begins earlier: it is let go first.

use std::thread;
use std::time::{Duration, Instant};

use crate::client::Client;
use crate::evidence::failure::Attempt;
use crate::scene::Scene;

/// More than a server's timers may be off, if its patience is a second.
const APART: Duration = Duration::from_millis(250);
/// Between two steps of a client that does something slowly.
pub(super) const PACE: Duration = Duration::from_millis(20);
/// A client that took longer for a step was kept from it: it hasn't done what it meant to do.
const LATE: Duration = Duration::from_millis(100);
/// How often such a client begins again.
const TRIES: usize = 10;

/// What the server knows so far began at least a moment before all that comes now.
pub(super) fn a_moment_passes(scene: &mut Scene) -> Attempt {
    scene.until_asleep()?;
    thread::sleep(APART);
    Ok(())
}

/// Does this again and again until a client is answered or let go, or until it is clear that it
/// won't be. Whether all was done at its pace.
pub(super) fn until_it_hears(
    client: &Client,
    mut step: impl FnMut() -> Attempt,
) -> Attempt<bool> {
    let (mut wait, mut in_time) = (client.wait(), true);
    while !client.has_heard() && !wait.is_over() {
        let start = Instant::now();
        step()?;
        thread::sleep(PACE);
        in_time &= start.elapsed() < LATE;
    }
    Ok(in_time)
}

/// One client that is let go was so after another, whose time began earlier.
pub(super) fn expect_in_order(
    scene: &mut Scene,
    earlier: &Client,
    later: &Client,
) -> Attempt {
    // Whoever is let go in the same turn has been so when the server sleeps.
    scene.until_asleep()?;
    let holds = earlier.has_heard() || !later.has_heard();
    let what = "which of two clients is let go first";
    later.expect_fact(what, "the one whose time began first", "the other one", holds)
}

pub(super) fn expect_408(client: &mut Client) -> Attempt {
    let response = client.response()?;
    response.expect_status(408)?;
    response.expect_field("Connection", "close")?;
    client.expect_end()
}

/// Lets a client begin again if it failed because this machine was busy: it says whether it was
/// in time.
pub(super) fn in_time(mut attempt: impl FnMut() -> (Attempt, bool)) -> Attempt {
    let mut tries = 1;
    loop {
        match attempt() {
            (Err(_), false) if tries < TRIES => tries += 1,
            (result, _) => return result,
        }
    }
}

/// Sends this again and again until the server takes no more of it.
pub(super) fn until_it_breaks(client: &mut Client, bytes: &[u8]) -> Attempt {
    let mut wait = client.wait();
    while client.goes(bytes)? {
        if wait.is_over() {
            let (expected, taken) = ("it takes no more in the end", "it takes all");
            return client.expect_fact(
                "what comes after a refusal",
                expected,
                taken,
                false,
            );
        }
        thread::sleep(PACE);
    }
    Ok(())
}
