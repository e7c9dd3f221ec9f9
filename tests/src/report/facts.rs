//! What was due and what came, and where the two part.

use std::fmt::Write;
use std::process::ExitStatus;

use super::meaning::seconds;
use crate::evidence::failure::{Failure, Kind, Output, parting};
use crate::evidence::text::{quoted, shown};

/// How much of two long byte strings is shown before and after the point where they part.
const BEFORE: usize = 24;
const AFTER: usize = 40;

pub fn facts(failure: &Failure) -> String {
    let client = failure.client.as_deref().unwrap_or("the check");
    match &failure.kind {
        Kind::Different { expected, received } => {
            compared(client, expected, received, "")
        }
        Kind::ClosedEarly { expected, received } => {
            compared(client, expected, received, ", then the end")
        }
        Kind::Reset { expected, received } => {
            compared(client, expected, received, ", then a reset")
        }
        Kind::Silence { expected, received, .. } => {
            compared(client, expected, received, ", then nothing")
        }
        Kind::NoEnd { .. } => facts_of(client, "the end", "nothing"),
        Kind::ResetAtEnd => facts_of(client, "the end", "a reset"),
        Kind::ExtraBytes { received } => {
            facts_of(client, "nothing more", &shown(received))
        }
        Kind::Refused { error } => facts_of(client, "a connection", error),
        Kind::NotHttp { fault, received } => {
            let first: Vec<u8> = received.iter().copied().take(300).collect();
            let received = format!("{}: {fault}", quoted(&first));
            facts_of(client, "an HTTP response", &received)
        }
        Kind::Fact { what, expected, received } => {
            format!("  {what}\n{}", facts_of(client, expected, received))
        }
        Kind::Own { part, error } => {
            format!("  The check itself couldn't {part}: {error}\n")
        }
        Kind::Ahead { how } => format!("  It is ahead, since {how}.\n"),
        Kind::DidNotStart { error } => format!("  It can't be started: {error}\n"),
        Kind::DidNotListen { address, patience, output } => {
            let time = seconds(*patience);
            let head = format!(
                "  It has run for {time} without listening on {address}, its last argument.\n"
            );
            format!("{head}{}", printed(output))
        }
        Kind::ListensElsewhere { address, elsewhere } => {
            format!(
                "  It listens on {}, and not on {address}, its last argument.\n",
                elsewhere.join(" and ")
            )
        }
        Kind::WantsAnother { address, output } => {
            let head = format!(
                "  The server ended before it listened: it wants an address that is in use, and not\n  \
                 {address}, its last argument, which is free.\n"
            );
            format!("{head}{}", printed(output))
        }
        Kind::Died { status, listened, output } => {
            let when = match listened {
                true => "during the check",
                false => "before it listened",
            };
            let head = format!("  The server ended {when}: {}.\n", ending(*status));
            format!("{head}{}", printed(output))
        }
    }
}

fn facts_of(client: &str, expected: &str, received: &str) -> String {
    let expected = format!("  {client} expected  {expected}\n");
    let indent = " ".repeat(client.chars().count());
    let received = if received.is_empty() { "none" } else { received };
    format!("{expected}  {indent} received  {received}\n")
}

/// One under the other, with a mark where they part.
fn compared(client: &str, expected: &[u8], received: &[u8], then: &str) -> String {
    let at = parting(expected, received);
    if expected.is_empty() || received.is_empty() {
        let due = match expected {
            b"" => "an open connection".to_string(),
            _ => around(expected, at),
        };
        let came = then.strip_prefix(", then ").unwrap_or("nothing");
        return facts_of(client, &due, came);
    }
    let came = format!("{}{then}", around(received, at));
    let mut text = facts_of(client, &around(expected, at), &came);
    let column = around(&expected[..at], at).chars().count() - 1;
    let column = 2 + client.chars().count() + " received  ".len() + column;
    let _ = writeln!(text, "{}^ from here on", " ".repeat(column));
    text
}

fn around(bytes: &[u8], at: usize) -> String {
    let start = if at > BEFORE + 8 { at - BEFORE } else { 0 };
    let end = bytes.len().min(at + AFTER);
    let left = if start > 0 { "…" } else { "" };
    let right = if end < bytes.len() { "…" } else { "" };
    format!("{left}{}{right}", quoted(&bytes[start.min(end)..end]))
}

fn printed(output: &Output) -> String {
    let mut text = String::new();
    for (name, printed) in [("stderr", &output.stderr), ("stdout", &output.stdout)] {
        let lines: Vec<&str> = printed.trim_end().lines().collect();
        let first = lines.len().saturating_sub(20);
        for line in &lines[first..] {
            let _ = writeln!(text, "    {name}: {line}");
        }
    }
    if text.is_empty() {
        text.push_str("    It printed nothing.\n");
    }
    text
}

fn ending(status: ExitStatus) -> String {
    match status.code() {
        Some(code) => format!("it exited with code {code}"),
        None => format!("{status}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_mark_is_where_the_two_part() {
        let text = compared("A", b"hello (1 here)\n", b"hello\n", "");
        let lines: Vec<&str> = text.lines().collect();
        assert_eq!(lines[0], "  A expected  \"hello (1 here)\\n\"");
        assert_eq!(lines[1], "    received  \"hello\\n\"");
        assert_eq!(lines[2].find('^'), lines[0].find(" (1"));
    }

    #[test]
    fn of_long_texts_the_difference_is_shown() {
        let (mut left, right) = (vec![b'x'; 5000], vec![b'x'; 5000]);
        left[4000] = b'y';
        let text = compared("A", &left, &right, "");
        let lines: Vec<&str> = text.lines().collect();
        let column = |line: &str, letter| line.chars().position(|each| each == letter);
        assert_eq!(column(lines[2], '^'), column(lines[0], 'y'));
    }
}
