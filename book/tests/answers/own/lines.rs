//! Chapter 4.

use checks::check::Check;
use checks::evidence::failure::Attempt;
use checks::scene::Scene;

use super::expect_printed;

pub const CHECKS: &[Check] = &[
    Check::new(
        4,
        "a_connection_takes_72_bytes",
        "The server prints that a connection takes 72 bytes.",
        a_connection_takes_72_bytes,
    ),
    Check::new(
        4,
        "a_client_is_always_two_answers_behind",
        "Three lines in one write get one answer, and each line after them the next.",
        a_client_is_always_two_answers_behind,
    ),
    Check::new(
        4,
        "quit_gets_bye_and_the_end",
        "A line `quit` is answered with `bye`, and what is behind it isn't.",
        quit_gets_bye_and_the_end,
    ),
];

fn a_connection_takes_72_bytes(scene: &mut Scene) -> Attempt {
    expect_printed(scene, "\n72 bytes\n")
}

fn a_client_is_always_two_answers_behind(scene: &mut Scene) -> Attempt {
    let mut a = scene.connect()?;
    a.send("one\ntwo\nthree\n")?;
    a.expect("one (1 here, 1 in all)\n")?;
    a.expect_silence()?;
    a.send("four\n")?;
    a.expect("two (2 here, 2 in all)\n")?;
    a.send("five\n")?;
    a.expect("three (3 here, 3 in all)\n")?;
    a.expect_silence()
}

fn quit_gets_bye_and_the_end(scene: &mut Scene) -> Attempt {
    for quit in ["quit\n", "quit\r\n", "quit\nmore\n"] {
        let mut client = scene.connect()?;
        client.ask()?;
        client.send(quit)?;
        client.expect("bye\n")?;
        client.expect_end()?;
    }
    Ok(())
}
