//! A descriptor for each client.

use crate::check::Check;
use crate::evidence::failure::{Attempt, Failure};
use crate::scene::Scene;
use crate::system::descriptors::fit;

pub const CHECKS: &[Check] = &[Check::new(
    15,
    "a_server_takes_all_descriptors_it_may_have",
    "A server that may raise its limit of descriptors has places for more clients.",
    a_server_takes_all_descriptors_it_may_have,
)];

fn a_server_takes_all_descriptors_it_may_have(scene: &mut Scene) -> Attempt {
    const DESCRIPTORS: u32 = 64;
    const CLIENTS: usize = 200;
    /// One address may have half of all places.
    const SHARES: usize = 2;
    fit(0, SHARES * CLIENTS).map_err(|error| Failure::own("raise the limit", error))?;
    scene.start_with_soft_limit(DESCRIPTORS)?;
    let mut clients = scene.connect_crowd(CLIENTS)?;
    scene.until_asleep()?;
    let kept = clients.iter().filter(|client| !client.has_heard()).count();
    if kept < CLIENTS {
        let what = format!("how many of {CLIENTS} clients are kept");
        return Err(Failure::fact(what, "all of them", kept));
    }
    for client in &mut clients {
        client.ask()?;
    }
    scene.note("all of them are kept, and answered");
    Ok(())
}
