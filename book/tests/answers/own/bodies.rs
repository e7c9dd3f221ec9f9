//! Chapter 7.

use checks::check::Check;
use checks::checks::bodies::framing::Table;
use checks::client::Options;
use checks::evidence::failure::Attempt;
use checks::scene::Scene;

use super::expect_equal;

pub const CHECKS: &[Check] = &[
    Check::new(
        7,
        "a_body_longer_than_announced_gets_two_responses",
        "What is behind the announced length is taken for the next request, and refused.",
        a_body_longer_than_announced_gets_two_responses,
    ),
    Check::new(
        7,
        "one_row_of_the_framing_table_fails",
        "Of the framing table only the length with a plus is answered otherwise.",
        one_row_of_the_framing_table_fails,
    ),
    Check::new(
        7,
        "one_byte_too_many_to_drain_ends_the_connection",
        "A GET's body of 65,536 bytes is drained; one of 65,537 ends the connection unread.",
        one_byte_too_many_to_drain_ends_the_connection,
    ),
    Check::new(
        7,
        "lines_are_counted",
        "POST /lines says how many line feeds its body has, in whatever pieces it comes.",
        lines_are_counted,
    ),
];

const REQUEST: &str = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";

fn a_body_longer_than_announced_gets_two_responses(scene: &mut Scene) -> Attempt {
    let mut a = scene.connect()?;
    a.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello world")?;
    a.half_close()?;
    let first = a.quiet_response("POST")?;
    first.expect_status(200)?;
    first.expect_field("Connection", "keep-alive")?;
    first.expect_body("5 bytes, CRC-32 3610a686\n")?;
    a.quiet_response("GET")?.expect_status(400)?;
    a.expect_end_or_reset()
}

fn one_row_of_the_framing_table_fails(scene: &mut Scene) -> Attempt {
    let mut failing = Vec::new();
    for row in Table::lengths().rows {
        let mut client = scene.connect_with(Options::QUIET)?;
        client.send(row.sends + REQUEST)?;
        let mut response = client.quiet_response("POST")?;
        if response.status == 100 {
            response = client.quiet_response("POST")?;
        }
        let is_as_said = match row.answer {
            Some(status) => response.status == status,
            None => matches!(response.status, 200..=299 | 404 | 405),
        };
        if !is_as_said {
            failing.push(row.says);
        }
    }
    expect_equal("the rows that fail", "a length with a plus", failing.join(", "))
}

fn one_byte_too_many_to_drain_ends_the_connection(scene: &mut Scene) -> Attempt {
    let head =
        |length| format!("GET / HTTP/1.1\r\nHost: a\r\nContent-Length: {length}\r\n\r\n");
    let mut a = scene.connect_with(Options::QUIET)?;
    a.send(head(65_536))?;
    a.expect_silence()?;
    a.send("x".repeat(65_536) + REQUEST)?;
    for _ in 0..2 {
        let response = a.quiet_response("GET")?;
        response.expect_status(200)?;
        response.expect_field("Connection", "keep-alive")?;
    }
    let mut b = scene.connect_with(Options::QUIET)?;
    b.send(head(65_537))?;
    let response = b.quiet_response("GET")?;
    response.expect_status(200)?;
    response.expect_field("Connection", "close")?;
    b.expect_end()
}

fn lines_are_counted(scene: &mut Scene) -> Attempt {
    let head = "POST /lines HTTP/1.1\r\nHost: a\r\n";
    let large = "some\nlines\n\n".repeat(100_000);
    for (rest, count) in [
        ("Content-Length: 0\r\n\r\n".to_owned(), "0\n"),
        ("Content-Length: 8\r\n\r\none\ntwo\n".to_owned(), "2\n"),
        (format!("Content-Length: {}\r\n\r\n{large}", large.len()), "300000\n"),
    ] {
        let mut client = scene.connect_with(Options::QUIET)?;
        client.send(head.to_owned() + &rest)?;
        let response = client.quiet_response("POST")?;
        response.expect_status(200)?;
        response.expect_body(count)?;
    }
    Ok(())
}
