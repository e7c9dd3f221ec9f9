//! More clients than a thread each could serve.

use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

use crate::check::{Attempt, Check};
use crate::failure::Failure;
use crate::scene::Scene;
use crate::transcript::grouped;

pub const CHECKS: &[Check] = &[Check::new(
    2,
    "a_thousand_clients_share_a_thread",
    "A thousand clients at once are all answered, and none costs a thread.",
    a_thousand_clients_share_a_thread,
)];

const CROWD: usize = 1000;

fn a_thousand_clients_share_a_thread(scene: &mut Scene) -> Attempt {
    raise_descriptor_limit();
    let mut first = scene.connect()?;
    first.ask()?;
    let before = scene.readings()?.threads;
    let mut crowd = scene.connect_crowd(CROWD)?;
    for client in &mut crowd {
        client.question()?;
    }
    for client in crowd.iter_mut().rev() {
        client.answer()?;
    }
    scene.note("each asks, and then each reads its answer, the last one first");
    let after = scene.readings()?.threads;
    if after > before {
        let what = format!("threads with {} clients more", grouped(CROWD as u64));
        let [before, after] = [before, after].map(grouped);
        return Err(Failure::fact(what, format!("{before}, as before"), after));
    }
    scene.note("the server has no more threads than before");
    Ok(())
}

/// Ours, and so the server's, for it is started later.
fn raise_descriptor_limit() {
    let limit = getrlimit(Resource::Nofile);
    let _ = setrlimit(Resource::Nofile, Rlimit { current: limit.maximum, ..limit });
}
