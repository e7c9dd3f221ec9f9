//! Connections on which nothing has begun.

use super::waiting::{a_moment_passes, expect_in_order, until_it_hears};
use crate::check::Check;
use crate::client::Options;
use crate::evidence::failure::{Attempt, Failure};
use crate::scene::Scene;
use crate::system::tool::Tool;
use crate::system::trace::WAITS;

pub const CHECKS: &[Check] = &[
    Check::new(
        14,
        "a_client_that_says_nothing_is_let_go",
        "A client that connects and says nothing is let go without a word.",
        a_client_that_says_nothing_is_let_go,
    )
    .hurries(),
    Check::new(
        14,
        "an_idle_connection_is_let_go",
        "A connection is let go without a word when nothing has come since its last response.",
        an_idle_connection_is_let_go,
    )
    .hurries(),
    Check::new(
        14,
        "a_server_wakes_once_for_each_late_client",
        "While clients say nothing, the server sleeps until the next of them is late.",
        a_server_wakes_once_for_each_late_client,
    )
    .hurries()
    .needs(&[Tool::Strace]),
];

fn a_client_that_says_nothing_is_let_go(scene: &mut Scene) -> Attempt {
    let mut a = scene.connect()?;
    a.expect_end()
}

fn an_idle_connection_is_let_go(scene: &mut Scene) -> Attempt {
    let mut a = scene.connect()?;
    a_moment_passes(scene)?;
    let mut b = scene.connect()?;
    a_moment_passes(scene)?;
    // Its time begins anew.
    a.ask()?;
    until_it_hears(&a, || Ok(()))?;
    expect_in_order(scene, &b, &a)?;
    b.expect_end()?;
    a.expect_end()
}

/// A server that looks again and again whether somebody is late does so dozens of times.
fn a_server_wakes_once_for_each_late_client(scene: &mut Scene) -> Attempt {
    const CLIENTS: usize = 3;
    /// For each client: that it connects, and that it is late, each with a wait for good measure.
    const MOST: usize = 4 * CLIENTS;
    scene.start_traced()?;
    let mut clients = Vec::new();
    for _ in 0..CLIENTS {
        clients.push(scene.connect_with(Options::QUIET)?);
        a_moment_passes(scene)?;
    }
    for client in &mut clients {
        client.expect_end()?;
    }
    scene.note(format!("{CLIENTS} clients connect, say nothing, and are let go"));
    scene.until_asleep()?;
    let waits = scene.calls().iter().filter(|call| call.is_one_of(WAITS)).count();
    if waits > MOST {
        let what = format!("waits until {CLIENTS} silent clients are let go");
        return Err(Failure::fact(what, format!("at most {MOST}"), waits));
    }
    scene.note(format!("the server waits at most {MOST} times meanwhile"));
    Ok(())
}
