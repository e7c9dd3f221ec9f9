//! More clients than a thread each could serve.

use crate::check::Check;
use crate::evidence::failure::Attempt;
use crate::scene::Scene;
use crate::system::descriptors::raise_limit;

pub const CHECKS: &[Check] = &[Check::new(
    2,
    "a_thousand_clients_share_a_thread",
    "A thousand clients at once are all answered, and none costs a thread.",
    a_thousand_clients_share_a_thread,
)];

const CROWD: usize = 1000;

fn a_thousand_clients_share_a_thread(scene: &mut Scene) -> Attempt {
    raise_limit();
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
    scene.expect_no_more_threads(before)
}
