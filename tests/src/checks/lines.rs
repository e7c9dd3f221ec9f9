//! The protocol of step 4: each line comes back with how many there were, on this connection
//! and in all.

use crate::check::Check;
use crate::evidence::failure::Attempt;
use crate::scene::Scene;

pub const CHECKS: &[Check] = &[
    Check::new(
        4,
        "each_line_is_counted",
        "A line comes back with two counts: its connection's and everyone's.",
        each_line_is_counted,
    )
    .until(4),
    Check::new(
        4,
        "a_line_in_pieces_is_one_line",
        "A line is answered when its end has come, in however many pieces.",
        a_line_in_pieces_is_one_line,
    )
    .until(4),
    Check::new(
        4,
        "several_lines_in_one_write_are_several",
        "Several lines in one write are answered one by one.",
        several_lines_in_one_write_are_several,
    )
    .until(4),
    Check::new(
        4,
        "a_line_may_end_in_crlf",
        "A carriage return before the line's end isn't part of the line.",
        a_line_may_end_in_crlf,
    )
    .until(4),
    Check::new(
        4,
        "a_line_too_long_ends_the_connection",
        "A line of more than 4096 bytes gets a last answer; one of 4096 is a line.",
        a_line_too_long_ends_the_connection,
    )
    .until(4),
];

const LONGEST: usize = 4096;

fn each_line_is_counted(scene: &mut Scene) -> Attempt {
    let mut a = scene.connect()?;
    let mut b = scene.connect()?;
    a.send("hello\n")?;
    a.expect("hello (1 here, 1 in all)\n")?;
    a.send("again\n")?;
    a.expect("again (2 here, 2 in all)\n")?;
    b.send("me too\n")?;
    b.expect("me too (1 here, 3 in all)\n")?;
    a.close();
    let mut c = scene.connect()?;
    c.send("\n")?;
    c.expect(" (1 here, 4 in all)\n")?;
    b.send("bye\n")?;
    b.expect("bye (2 here, 5 in all)\n")?;
    b.expect_silence()
}

fn a_line_in_pieces_is_one_line(scene: &mut Scene) -> Attempt {
    let mut a = scene.connect()?;
    a.send("hel")?;
    a.expect_silence()?;
    let mut b = scene.connect()?;
    b.send("between\n")?;
    b.expect("between (1 here, 1 in all)\n")?;
    a.send("lo\nwor")?;
    a.expect("hello (1 here, 2 in all)\n")?;
    a.drip("ld\nthird\n")?;
    a.expect("world (2 here, 3 in all)\n")?;
    a.expect("third (3 here, 4 in all)\n")
}

fn several_lines_in_one_write_are_several(scene: &mut Scene) -> Attempt {
    let mut a = scene.connect()?;
    a.send("one\ntwo\nthree\n")?;
    a.expect("one (1 here, 1 in all)\n")?;
    a.expect("two (2 here, 2 in all)\n")?;
    a.expect("three (3 here, 3 in all)\n")?;
    a.expect_silence()
}

fn a_line_may_end_in_crlf(scene: &mut Scene) -> Attempt {
    let mut a = scene.connect()?;
    a.send("hello\r\nwor\rld\r\n")?;
    a.expect("hello (1 here, 1 in all)\n")?;
    a.expect("wor\rld (2 here, 2 in all)\n")
}

fn a_line_too_long_ends_the_connection(scene: &mut Scene) -> Attempt {
    let longest = "x".repeat(LONGEST);
    let mut a = scene.connect()?;
    a.send(format!("{longest}\n"))?;
    a.expect(format!("{longest} (1 here, 1 in all)\n"))?;
    a.send(format!("{longest}x"))?;
    a.expect("line too long\n")?;
    a.expect_end()?;
    let mut b = scene.connect()?;
    b.send("hello\n")?;
    b.expect("hello (1 here, 2 in all)\n")
}
