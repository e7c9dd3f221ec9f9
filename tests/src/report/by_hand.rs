//! How to see a failure by hand: commands that say to the server what the check said, and
//! that end by themselves.

use std::fmt::Write;

use super::commands::{Sending, unit};
use crate::evidence::failure::Failure;
use crate::evidence::script::{Left, Said, Script};
use crate::evidence::text::amount;
use crate::server::Program;
use crate::system::trace;

/// Seconds that a client waits for what is due to it.
const WAIT: usize = 2;
/// Seconds after which one that reads late begins to.
const LATE: usize = 5;
/// Seconds that a client stays which is only there while something else fails.
const STAY: usize = 60;

/// The server, and a line for each client.
pub fn by_hand(failure: &Failure, program: &Program) -> String {
    let Script { said, traced, descriptors, paused, own_files } = &failure.script;
    let many = said.len() > 1;
    let mut text = String::from("\n  By hand");
    text.push_str(if many { ", each line in a terminal of its own:\n" } else { ":\n" });
    let tracer = traced.as_deref().map(trace::by_hand).unwrap_or_default();
    let server = format!("{tracer}{} 127.0.0.1:8080", in_a_shell(program));
    let _ = match descriptors {
        None => writeln!(text, "    {server}"),
        Some(limit) => writeln!(text, "    ({limit}; {server})"),
    };
    let named = |said: &Said| Some(&said.client) == failure.client.as_ref();
    let failing = said.iter().rposition(named);
    for (number, said) in said.iter().enumerate() {
        let role = match said.left {
            Some(left) => Role::Leaves(left),
            None if failing == Some(number) => Role::Fails,
            None => Role::Stays,
        };
        let name = many.then_some(&*said.client);
        let _ = writeln!(text, "    {}", line(said, role, name));
    }
    if *paused {
        text.push_str("    The check held the server up by SIGSTOP in between.\n");
    }
    if *own_files {
        text.push_str("    The files were the check's own, and are gone with it.\n");
    }
    text.push('\n');
    text
}

/// The program's own command, as a shell has to be told it.
fn in_a_shell(program: &Program) -> String {
    let words = program.words();
    let words: Vec<_> = words.iter().map(|word| word.to_string_lossy()).collect();
    // No word of a command that was started has a NUL in it, the one thing that can't be told.
    shlex::try_join(words.iter().map(AsRef::as_ref)).unwrap_or_else(|_| words.join(" "))
}

#[derive(Clone, Copy, PartialEq)]
enum Role {
    /// What is due to it doesn't come.
    Fails,
    /// It is there while something else fails.
    Stays,
    Leaves(Left),
}

fn line(said: &Said, role: Role, name: Option<&str>) -> String {
    let sending = match role {
        Role::Fails => Sending::of_one_that_fails(said),
        _ => Sending::of(said),
    };
    let command = match (&sending, role) {
        (Sending::TooMuch, _) => String::new(),
        (_, Role::Leaves(Left::Reset)) => resetting(said),
        _ => netcat(said, role, &sending),
    };
    let note = match &sending {
        Sending::Nothing => "says nothing".to_string(),
        Sending::Exactly { .. } => String::new(),
        Sending::InOnePiece(_) => "in pieces, here in one".to_string(),
        Sending::Alike(_) => format!("{}, of whatever kind", amount(said.total)),
        Sending::Last(_) => "what it sent last".to_string(),
        Sending::TooMuch => format!("{}, too many to type", amount(said.total)),
    };
    let comment = match (name, &*note) {
        (None, "") => return command,
        (None, note) => note.to_string(),
        (Some(name), "") => name.to_string(),
        (Some(name), "says nothing") => format!("{name} says nothing"),
        (Some(name), note) => format!("{name}: {note}"),
    };
    format!("{command}    # {comment}").trim_start().to_string()
}

/// `timeout` ends it even if the server keeps the connection, as nobody but `nc -N` closes
/// the sending half, and that only where the check does so too.
fn netcat(said: &Said, role: Role, sending: &Sending) -> String {
    let (seconds, reads) = match (role, said.reads_late) {
        (Role::Stays, false) => (STAY, String::new()),
        (Role::Stays, true) => (STAY, format!(" | sleep {STAY}")),
        (_, false) => (WAIT + sending.pauses(), String::new()),
        (Role::Leaves(_), true) => (WAIT, format!(" | sleep {LATE}")),
        (Role::Fails, true) => (2 * LATE, format!(" | (sleep {LATE}; wc -c)")),
    };
    let half_closes = if said.half_closed { " -N" } else { "" };
    match sending.command() {
        Some(sends) => {
            format!("{sends} | timeout {seconds} nc{half_closes} 127.0.0.1 8080{reads}")
        }
        None if said.half_closed => {
            format!("timeout {seconds} nc -N 127.0.0.1 8080 </dev/null{reads}")
        }
        None => format!("timeout {seconds} nc -d 127.0.0.1 8080{reads}"),
    }
}

/// What `nc` can't do.
fn resetting(said: &Said) -> String {
    let escaped = |bytes: &[u8]| bytes.escape_ascii().to_string().replace('\'', "'\\''");
    let bytes = match unit(said).filter(|_| !said.is_whole()) {
        Some(unit) => {
            format!("b\"{}\" * {}", escaped(unit), said.total / unit.len())
        }
        None => format!("b\"{}\"", escaped(&said.start)),
    };
    let mut program = String::from("import socket, struct, time; s = socket.socket(); ");
    if said.reads_late {
        program.push_str("s.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1); ");
    }
    let _ = write!(program, "s.connect((\"127.0.0.1\", 8080)); s.sendall({bytes}); ");
    if said.half_closed {
        program.push_str("s.shutdown(socket.SHUT_WR); ");
    }
    if said.reads_late {
        program.push_str("time.sleep(1); ");
    }
    let linger = "socket.SOL_SOCKET, socket.SO_LINGER, struct.pack(\"ii\", 1, 0)";
    format!("python3 -c '{program}s.setsockopt({linger})'")
}

#[cfg(test)]
mod tests {
    use std::process::Command;

    use super::*;

    fn said(pieces: &[&[u8]]) -> Said {
        let mut said = Said { client: "A".to_string(), ..Said::default() };
        pieces.iter().for_each(|piece| said.sent(piece));
        said
    }

    fn fails(said: &Said) -> String {
        line(said, Role::Fails, None)
    }

    #[test]
    fn the_shell_starts_the_same_program() {
        let wrapped = Program::new(["printf", "%s|", "a b", "it's", "$0 \"x\"", ""]);
        let command = in_a_shell(&wrapped);
        let output = Command::new("sh").args(["-c", &command]).output().unwrap();
        assert_eq!(output.stdout, b"a b|it's|$0 \"x\"||", "{command}");
        let plain = Program::new(["target/debug/step11", "site", "--listen"]);
        assert_eq!(in_a_shell(&plain), "target/debug/step11 site --listen");
    }

    #[test]
    fn the_shell_says_the_same() {
        let long = format!("GET / HTTP/1.1\r\nX: {}\r\n\r\n", "x".repeat(16_000));
        for bytes in [&b"GET /'%\\ HTTP/1.1\r\n\0\xff\t\"$x`"[..], long.as_bytes()] {
            let Sending::Exactly { command, .. } = Sending::of(&said(&[bytes])) else {
                panic!("it is short enough");
            };
            let output = Command::new("sh").args(["-c", &command]).output().unwrap();
            assert!(
                output.stdout == bytes,
                "{command}: {}",
                output.stdout.escape_ascii()
            );
        }
    }

    #[test]
    fn a_client_does_what_it_did() {
        let netcat = "nc 127.0.0.1 8080";
        let (once, twice) = (said(&[b"a\n"]), said(&[b"a", b"b"]));
        assert_eq!(fails(&once), format!("printf 'a\\n' | timeout 2 {netcat}"));
        let pieces = format!("(printf 'a'; sleep 1; printf 'b') | timeout 3 {netcat}");
        assert_eq!(fails(&twice), pieces);
        let dripped = said(&[&b"a"[..]; 6]);
        let note = "    # in pieces, here in one";
        let command = format!("printf 'aaaaaa' | timeout 2 {netcat}{note}");
        assert_eq!(fails(&dripped), command);
        let half_closed = Said { half_closed: true, ..once.clone() };
        let command = "printf 'a\\n' | timeout 2 nc -N 127.0.0.1 8080";
        assert_eq!(fails(&half_closed), command);
        let slow = Said { reads_late: true, ..once };
        let command = format!("printf 'a\\n' | timeout 60 {netcat} | sleep 60    # A");
        assert_eq!(line(&slow, Role::Stays, Some("A")), command);
        let silent = line(&said(&[]), Role::Stays, Some("A"));
        assert_eq!(silent, "timeout 60 nc -d 127.0.0.1 8080    # A says nothing");
    }

    #[test]
    fn a_body_without_an_end_is_made() {
        let said = said(&[b"POST / HTTP/1.1\r\n\r\n", &[b'x'; 50_000]]);
        let Sending::Alike(command) = Sending::of(&said) else {
            panic!("it is a letter again and again");
        };
        let output = Command::new("sh").args(["-c", &command]).output().unwrap();
        assert!(output.stdout.starts_with(&said.start), "{command}");
        assert_eq!(output.stdout.len(), said.total, "{command}");
    }

    #[test]
    fn of_many_requests_the_last_is_said() {
        let request = |set| format!("GET / HTTP/1.1\r\nRange: bytes={set}-9\r\n\r\n");
        let many: Vec<String> = (0..20).map(request).collect();
        let pieces: Vec<&[u8]> = many.iter().map(String::as_bytes).collect();
        let last = "printf 'GET / HTTP/1.1\\r\\nRange: bytes=19-9\\r\\n\\r\\n'";
        let command = format!("{last} | timeout 2 nc 127.0.0.1 8080");
        assert_eq!(fails(&said(&pieces)), format!("{command}    # what it sent last"));
        let alike = fails(&said(&[pieces[0]; 20]));
        assert!(alike.starts_with("yes "), "{alike}");
    }

    #[test]
    fn what_repeats_is_repeated_and_what_does_not_is_not() {
        let request = b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n";
        let command = fails(&said(&[&request.repeat(1000)]));
        let unit = "printf 'GET / HTTP/1.1\\r\\nHost: localhost\\r\\n\\r'";
        assert!(command.starts_with(&format!("yes \"$({unit})\" | head -c 35000 | ")));
        let fields = "X: y\r\n".repeat(1000);
        let odd = said(&[format!("GET / HTTP/1.1\r\n{fields}\r\n").as_bytes()]);
        assert_eq!(fails(&odd), "# 6,018 bytes, too many to type");
        let (echo, lines) = ([b'x'; 40_000], b"hello\n".repeat(200));
        assert!(fails(&said(&[&echo])).starts_with("yes | head -c 40000 | "));
        assert!(fails(&said(&[&lines])).starts_with("yes \"$(printf 'hello')\" | "));
    }
}
