//! A server that has no descriptor left.

use crate::check::Check;
use crate::checks::files::fetching::expect_status;
use crate::client::Options;
use crate::evidence::failure::{Attempt, Failure};
use crate::scene::Scene;
use crate::system::tool::Tool;
use crate::system::trace::{ACCEPTS, Fault};

pub const CHECKS: &[Check] = &[
    Check::new(
        14,
        "a_server_that_cannot_accept_rests",
        "A server that has no descriptor for a new client tries again later, and rests meanwhile.",
        a_server_that_cannot_accept_rests,
    )
    .needs(&[Tool::Strace]),
    Check::new(
        14,
        "cached_files_go_before_clients",
        "When descriptors run out, files that are kept open go first, and no client does.",
        cached_files_go_before_clients,
    ),
];

fn a_server_that_cannot_accept_rests(scene: &mut Scene) -> Attempt {
    let fault = |when| Fault { calls: ACCEPTS, error: "EMFILE", when };
    scene.start_with_faults(&[fault("1+")])?;
    let _a = scene.connect()?;
    scene.expect_rest()?;
    let accepts =
        scene.calls().into_iter().filter(|call| call.is_one_of(ACCEPTS)).count();
    if accepts < 2 {
        let what = "how often the server tries to accept a client";
        return Err(Failure::fact(what, "again and again", accepts));
    }
    scene.note("it has tried again meanwhile");
    let mut other = Scene::new(scene.program, scene.dialect, scene.patience);
    other.start_with_faults(&[fault("1..3")])?;
    let mut b = other.connect_with(Options::QUIET)?;
    b.ask()?;
    scene.note("another client is accepted at the fourth try, and answered");
    Ok(())
}

fn cached_files_go_before_clients(scene: &mut Scene) -> Attempt {
    const DESCRIPTORS: u32 = 24;
    const FILES: usize = 60;
    /// More than anybody would rather keep a copy of.
    const LENGTH: u64 = 100_000;
    let site = scene.site()?;
    for number in 0..FILES {
        site.sparse(&number.to_string(), LENGTH)?;
    }
    scene.start_with_descriptors(DESCRIPTORS)?;
    let mut a = scene.connect_with(Options::QUIET)?;
    let all: Vec<String> =
        (0..FILES).map(|number| site.target(&number.to_string())).collect();
    let (alone, beside) = all.split_at(FILES / 2);
    for target in alone {
        expect_status(&mut a, target, 200)?;
    }
    scene.note(format!(
        "a client asks for {} files, one after another → 200",
        alone.len()
    ));
    for target in beside {
        expect_status(&mut a, target, 200)?;
        let mut b = scene.connect_with(Options::QUIET)?;
        expect_status(&mut b, target, 200)?;
        b.close();
    }
    scene.note(format!(
        "it asks for {} more, and after each another client for the same → 200",
        beside.len()
    ));
    Ok(())
}
