//! System calls that fail for reasons no client has anything to do with.

use super::fetching::{expect_file, get};
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
        11,
        "a_file_that_could_not_be_opened_at_once_is_opened_again",
        "An openat2 that may succeed on another try is tried again, and the file is served.",
        a_file_that_could_not_be_opened_at_once_is_opened_again,
    )
    .needs(&[Tool::Strace]),
    Check::new(
        11,
        "a_file_that_cannot_be_opened_now_is_503",
        "When no file can be opened for want of memory or luck, that is 503, and no end.",
        a_file_that_cannot_be_opened_now_is_503,
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

/// The first call is the start's own, perhaps: the folder is looked at then.
fn a_file_that_could_not_be_opened_at_once_is_opened_again(scene: &mut Scene) -> Attempt {
    const FILES: usize = 4;
    let site = scene.site()?;
    for number in 0..FILES {
        site.write(&number.to_string(), "there\n")?;
    }
    let fault = Fault { calls: "openat2", error: "EAGAIN", when: "2..4" };
    scene.start_with_faults(&[fault])?;
    let mut a = scene.connect_quietly()?;
    for number in 0..FILES {
        expect_file(&mut a, &site.target(&number.to_string()), b"there\n")?;
    }
    scene.note(format!("{FILES} files are served as they are"));
    say_whether_one_failed(scene, "openat2");
    Ok(())
}

fn a_file_that_cannot_be_opened_now_is_503(scene: &mut Scene) -> Attempt {
    let site = scene.site()?;
    site.write("file", "there\n")?;
    for error in ["EAGAIN", "EMFILE", "ENFILE", "ENOMEM"] {
        let mut own = Scene::new(scene.program, scene.dialect, scene.patience);
        own.start_with_faults(&[Fault { calls: "openat2", error, when: "2+" }])?;
        let mut a = own.connect_quietly()?;
        let mut statuses = Vec::new();
        for _ in 0..3 {
            statuses.push(get(&mut a, &site.target("file"), "")?.status);
        }
        let expected = if one_failed(&own) { 503 } else { 200 };
        let last = statuses.last().copied().unwrap_or_default();
        a.expect_fact("the status", expected, last, last == expected)?;
        scene.note(format!(
            "each openat2 fails with {error} → {expected}, as often as asked"
        ));
    }
    Ok(())
}

/// A program that makes no such call passes, and the transcript says why.
fn say_whether_one_failed(scene: &Scene, call: &str) {
    match one_failed(scene) {
        true => scene.note(format!("at least one {call} failed")),
        false => scene.note(format!("no {call} failed: the server makes none")),
    }
}

fn one_failed(scene: &Scene) -> bool {
    let mut calls = scene.calls().into_iter();
    calls.any(|call| call.result.ends_with("(INJECTED)"))
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
