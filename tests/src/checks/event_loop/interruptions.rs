//! System calls that fail for reasons no client has anything to do with.

use crate::check::Check;
use crate::client::Options;
use crate::evidence::failure::Attempt;
use crate::scene::Scene;
use crate::system::tool::Tool;
use crate::system::trace::{ACCEPTS, Fault, WAITS};

pub const CHECKS: &[Check] = &[
    Check::new(
        3,
        "an_interrupted_wait_harms_nobody",
        "A wait for readiness that a signal interrupts is waited again.",
        an_interrupted_wait_harms_nobody,
    )
    .needs(&[Tool::Strace]),
    Check::new(
        3,
        "a_wait_that_fails_ends_nothing",
        "A wait that fails for want of memory doesn't end the server.",
        a_wait_that_fails_ends_nothing,
    )
    .needs(&[Tool::Strace]),
    Check::new(
        3,
        "an_aborted_accept_harms_nobody",
        "An accept that fails, its client being gone already, harms nobody.",
        an_aborted_accept_harms_nobody,
    )
    .needs(&[Tool::Strace]),
];

fn an_interrupted_wait_harms_nobody(scene: &mut Scene) -> Attempt {
    // The first client is answered before, whatever else the program waits for at its start.
    scene.start_with_faults(&[Fault { calls: WAITS, error: "EINTR", when: "4..8" }])?;
    three_clients_are_answered(scene)?;
    scene.note_whether_one_failed("wait");
    Ok(())
}

/// Whoever is connected meanwhile may be let go, answered or not: the kernel has no memory for so
/// many.
fn a_wait_that_fails_ends_nothing(scene: &mut Scene) -> Attempt {
    scene.start_with_faults(&[Fault { calls: WAITS, error: "ENOMEM", when: "4..8" }])?;
    let mut a = scene.connect()?;
    a.question()?;
    let _ = a.answer();
    scene.until_asleep()?;
    // A poll(2) that the program makes at its start is counted, and so epoll(7) fails later.
    let mut other = scene.connect_with(Options::QUIET)?;
    let _ = other.question().and_then(|()| other.answer());
    scene.until_asleep()?;
    let mut b = scene.connect()?;
    b.ask()?;
    scene.note_whether_one_failed("wait");
    Ok(())
}

fn an_aborted_accept_harms_nobody(scene: &mut Scene) -> Attempt {
    scene.start_with_faults(&[Fault {
        calls: ACCEPTS,
        error: "ECONNABORTED",
        when: "1",
    }])?;
    three_clients_are_answered(scene)?;
    scene.note_whether_one_failed("accept");
    Ok(())
}

fn three_clients_are_answered(scene: &mut Scene) -> Attempt {
    let mut a = scene.connect()?;
    a.ask()?;
    a.close();
    // One that ends has ended when the next connects, and not a moment later.
    scene.until_asleep()?;
    let mut b = scene.connect()?;
    b.ask()?;
    b.close();
    let mut c = scene.connect()?;
    c.ask()
}
