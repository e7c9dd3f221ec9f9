//! System calls that fail for reasons no client has anything to do with.

use super::http::request;
use crate::check::{Attempt, Check};
use crate::scene::Scene;
use crate::tool::Tool;
use crate::trace::{ACCEPTS, Fault, WAITS};

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
    Check::new(
        9,
        "a_file_that_could_not_be_opened_at_once_is_opened_again",
        "A file is served though the kernel asks for another try to open it (openat2(2), EAGAIN).",
        a_file_that_could_not_be_opened_at_once_is_opened_again,
    )
    .needs(&[Tool::Strace]),
];

fn an_interrupted_wait_harms_nobody(scene: &mut Scene) -> Attempt {
    // The first client is answered before, whatever else the program waits for at its start.
    scene.start_with_faults(&[Fault { calls: WAITS, error: "EINTR", when: "4..8" }])?;
    three_clients_are_answered(scene)?;
    say_whether_one_failed(scene, "wait");
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
    let mut b = scene.connect()?;
    b.ask()?;
    say_whether_one_failed(scene, "wait");
    Ok(())
}

fn an_aborted_accept_harms_nobody(scene: &mut Scene) -> Attempt {
    scene.start_with_faults(&[Fault {
        calls: ACCEPTS,
        error: "ECONNABORTED",
        when: "1",
    }])?;
    three_clients_are_answered(scene)?;
    say_whether_one_failed(scene, "accept");
    Ok(())
}

/// The first such call may be one of the program's start.
fn a_file_that_could_not_be_opened_at_once_is_opened_again(scene: &mut Scene) -> Attempt {
    let site = scene.site()?;
    site.write("file", "a file\n")?;
    scene.start_with_faults(&[Fault {
        calls: "openat2",
        error: "EAGAIN",
        when: "2..4",
    }])?;
    let mut a = scene.connect()?;
    a.send(request("GET", &site.target("file")))?;
    a.response()?.expect_body("a file\n")?;
    say_whether_one_failed(scene, "openat2");
    Ok(())
}

/// A program that makes no such call passes, and the transcript says why.
fn say_whether_one_failed(scene: &Scene, call: &str) {
    let mut calls = scene.calls().into_iter();
    match calls.any(|call| call.result.ends_with("(INJECTED)")) {
        true => scene.note(format!("at least one {call} failed")),
        false => scene.note(format!("no {call} failed: the server makes none")),
    }
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
