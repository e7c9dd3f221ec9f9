//! A client that doesn't read what it asked for: step 3, and from there on.

use crate::check::{Attempt, Check};
use crate::failure::Failure;
use crate::flood::Flood;
use crate::scene::Scene;
use crate::transcript::amount;

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
    let mut a = scene.connect_with_small_buffers()?;
    let taken = a.flood_at_most(&flood)?;
    a.drain(&flood, taken)
}

fn a_slow_reader_costs_nothing(scene: &mut Scene) -> Attempt {
    let mut a = scene.connect_with_small_buffers()?;
    a.flood(&Flood::of(scene.dialect))?;
    scene.expect_rest()
}

fn a_slow_reader_holds_nobody_up(scene: &mut Scene) -> Attempt {
    let flood = Flood::of(scene.dialect);
    let mut a = scene.connect_with_small_buffers()?;
    let mut b = scene.connect()?;
    let taken = a.flood_at_most(&flood)?;
    b.ask()?;
    let mut c = scene.connect()?;
    c.ask()?;
    // Nobody is held up by a server that throws away what isn't read.
    match taken.all {
        true => a.drain(&flood, taken),
        false => Ok(()),
    }
}

fn a_slow_reader_fills_no_memory(scene: &mut Scene) -> Attempt {
    let mut first = scene.connect()?;
    first.ask()?;
    first.close();
    let before = scene.readings()?.memory;
    let mut a = scene.connect_with_small_buffers()?;
    a.flood(&Flood::of(scene.dialect))?;
    let growth = scene.readings()?.memory.saturating_sub(before);
    scene.expect_little(growth)
}

impl Scene<'_> {
    pub(super) fn expect_little(&self, growth: u64) -> Attempt {
        const LITTLE: u64 = 4 << 20;
        if growth > LITTLE {
            let most = format!("at most {}", amount(LITTLE as usize));
            let what = "growth of the server's memory";
            return Err(Failure::fact(what, most, amount(growth as usize)));
        }
        self.note("the server's memory grew by less than four mebibytes");
        Ok(())
    }
}

fn a_slow_reader_that_half_closes_gets_every_byte(scene: &mut Scene) -> Attempt {
    let flood = Flood::of(scene.dialect);
    let mut a = scene.connect_with_small_buffers()?;
    let taken = a.flood_gently(&flood)?;
    a.half_close()?;
    a.drain_to_end(&flood, taken)
}
