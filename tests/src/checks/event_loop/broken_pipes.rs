//! Clients that are gone when their answer is written. A socket whose client has said that
//! it sends no more, and then reset the connection, fails with EPIPE, and the kernel sends
//! SIGPIPE along, which by default ends the process: write(2), signal(7). After a reset
//! alone the first write fails with ECONNRESET, and there is no signal.

use crate::check::Check;
use crate::client::Options;
use crate::client::flood::Flood;
use crate::evidence::failure::Attempt;
use crate::scene::Scene;

pub const CHECKS: &[Check] = &[
    Check::new(
        1,
        "a_client_gone_before_its_answer_harms_nobody",
        "A client that half-closes and resets before it is answered harms no other.",
        a_client_gone_before_its_answer_harms_nobody,
    ),
    Check::new(
        1,
        "a_slow_reader_that_resets_harms_nobody",
        "A client that half-closes and resets while much is owed harms no other, and is over.",
        a_slow_reader_that_resets_harms_nobody,
    ),
];

fn a_client_gone_before_its_answer_harms_nobody(scene: &mut Scene) -> Attempt {
    let mut known = scene.connect()?;
    scene.pause()?;
    scene.note("the server is held up");
    known.question()?;
    known.half_close()?;
    known.reset();
    let mut unknown = scene.connect()?;
    unknown.question()?;
    unknown.half_close()?;
    unknown.reset();
    scene.resume()?;
    scene.note("the server goes on");
    let mut last = scene.connect()?;
    last.ask()
}

fn a_slow_reader_that_resets_harms_nobody(scene: &mut Scene) -> Attempt {
    let mut a = scene.connect_with(Options::SMALL_BUFFERS)?;
    Flood::of(scene.dialect).send_much(&mut a)?;
    a.half_close()?;
    a.until_arrived();
    a.reset();
    let mut b = scene.connect()?;
    b.ask()?;
    scene.expect_rest()
}
