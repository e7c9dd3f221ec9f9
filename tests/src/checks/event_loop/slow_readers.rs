//! A client that doesn't read what it asked for: step 3, and from there on.

use crate::check::Check;
use crate::client::Options;
use crate::client::flood::Flood;
use crate::evidence::failure::Attempt;
use crate::scene::Scene;

pub const CHECKS: &[Check] = &[
    Check::new(
        3,
        "a_slow_reader_gets_every_byte",
        "A client that reads late gets every byte it is owed, in order.",
        a_slow_reader_gets_every_byte,
    ),
    Check::new(
        3,
        "a_slow_reader_costs_nothing",
        "While a client doesn't read, the server does nothing for it.",
        a_slow_reader_costs_nothing,
    ),
    Check::new(
        3,
        "a_slow_reader_holds_nobody_up",
        "While a client doesn't read, others are answered.",
        a_slow_reader_holds_nobody_up,
    ),
    Check::new(
        3,
        "a_slow_reader_fills_no_memory",
        "However much a client asks without reading, the server's memory doesn't grow.",
        a_slow_reader_fills_no_memory,
    ),
    Check::new(
        3,
        "a_slow_reader_that_half_closes_gets_every_byte",
        "A client that says it will send no more, and reads late, gets every byte and the end.",
        a_slow_reader_that_half_closes_gets_every_byte,
    ),
];

fn a_slow_reader_gets_every_byte(scene: &mut Scene) -> Attempt {
    let flood = Flood::of(scene.dialect);
    let mut a = scene.connect_with(Options::SMALL_BUFFERS)?;
    let taken = flood.send(&mut a)?;
    flood.drain(&mut a, taken)
}

fn a_slow_reader_costs_nothing(scene: &mut Scene) -> Attempt {
    let mut a = scene.connect_with(Options::SMALL_BUFFERS)?;
    Flood::of(scene.dialect).send_until_refused(&mut a)?;
    scene.expect_rest()
}

fn a_slow_reader_holds_nobody_up(scene: &mut Scene) -> Attempt {
    let flood = Flood::of(scene.dialect);
    let mut a = scene.connect_with(Options::SMALL_BUFFERS)?;
    let mut b = scene.connect()?;
    let taken = flood.send(&mut a)?;
    b.ask()?;
    let mut c = scene.connect()?;
    c.ask()?;
    // Nobody is held up by a server that throws away what isn't read.
    match taken.all {
        true => flood.drain(&mut a, taken),
        false => Ok(()),
    }
}

fn a_slow_reader_fills_no_memory(scene: &mut Scene) -> Attempt {
    let mut first = scene.connect()?;
    first.ask()?;
    first.close();
    let before = scene.readings()?.memory;
    let mut a = scene.connect_with(Options::SMALL_BUFFERS)?;
    Flood::of(scene.dialect).send_until_refused(&mut a)?;
    let growth = scene.readings()?.memory.saturating_sub(before);
    scene.expect_little(growth)
}

fn a_slow_reader_that_half_closes_gets_every_byte(scene: &mut Scene) -> Attempt {
    let flood = Flood::of(scene.dialect);
    let mut a = scene.connect_with(Options::SMALL_BUFFERS)?;
    let taken = flood.send_gently(&mut a)?;
    a.half_close()?;
    flood.drain_to_end(&mut a, taken)
}
