//! Heads that don't come to an end.

use super::waiting::{a_moment_passes, expect_408, expect_in_order, until_it_hears};
use crate::check::Check;
use crate::client::http::requests::request;
use crate::evidence::failure::Attempt;
use crate::scene::Scene;

pub const CHECKS: &[Check] = &[
    Check::new(
        14,
        "half_a_head_gets_408",
        "A client that begins a head and stalls gets 408, and the end.",
        half_a_head_gets_408,
    )
    .hurries(),
    Check::new(
        14,
        "a_head_that_drips_gets_408",
        "A head has to be whole in time: bytes of it don't postpone its deadline.",
        a_head_that_drips_gets_408,
    )
    .hurries(),
];

const HALF: &str = "GET / HTTP/1.1\r\nHost: localhost\r\n";

fn half_a_head_gets_408(scene: &mut Scene) -> Attempt {
    let mut a_byte = scene.connect()?;
    a_moment_passes(scene)?;
    let mut silent = scene.connect()?;
    a_moment_passes(scene)?;
    // Its time begins now, and not when it connected.
    a_byte.send("G")?;
    let mut half = scene.connect()?;
    half.send(HALF)?;
    let mut second = scene.connect()?;
    second.send(request("GET", "/") + HALF)?;
    until_it_hears(&a_byte, || Ok(()))?;
    expect_in_order(scene, &silent, &a_byte)?;
    expect_408(&mut a_byte)?;
    expect_408(&mut half)?;
    second.quiet_response("GET")?.expect_status(200)?;
    second.note("← HTTP/1.1 200 OK …");
    expect_408(&mut second)?;
    silent.expect_end()
}

fn a_head_that_drips_gets_408(scene: &mut Scene) -> Attempt {
    let mut drips = scene.connect()?;
    drips.send(format!("{HALF}X-Drip: "))?;
    a_moment_passes(scene)?;
    let mut stalls = scene.connect()?;
    stalls.send(HALF)?;
    drips.note("→ a byte now and then");
    until_it_hears(&stalls, || drips.goes(b"x").map(drop))?;
    expect_in_order(scene, &drips, &stalls)?;
    expect_408(&mut drips)?;
    expect_408(&mut stalls)
}
