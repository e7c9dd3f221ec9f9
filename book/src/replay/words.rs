//! A system call in words, from its name, its arguments and its result alone.

use checks::evidence::text::amount;
use recording::{Asked, Call};

use super::scene::{Line, Outcome, State, Turn};

/// What the server does in this call; `who` is the client it is about.
pub fn call(line: &Line, who: Option<&str>) -> String {
    let who = who.unwrap_or("its caller");
    let number = line.call.result();
    let refused = line.outcome() == Outcome::NotNow;
    match (line.call.name(), line.turn) {
        ("poll" | "epoll_wait", Turn::Sleeps) => {
            "The server sleeps until a socket is ready".to_string()
        }
        ("poll" | "epoll_wait", _) => match line.ready.as_slice() {
            [] => "Nothing is ready".to_string(),
            ready => format!("The server wakes: {}", ready.join(", ")),
        },
        ("accept4" | "accept", Turn::Sleeps) => {
            "The server sleeps until somebody connects".to_string()
        }
        ("accept4" | "accept", _) if refused => {
            "Nobody else waits to be accepted".to_string()
        }
        ("accept4" | "accept", _) => format!("The server accepts {who}"),
        ("read", Turn::Sleeps) => {
            format!("The server sleeps until {who} sends something")
        }
        ("write", Turn::Sleeps) => {
            format!("The server sleeps until {who} reads something")
        }
        ("pread64", _) | ("read", _) if line.about.is_none() => match number {
            Some(read @ 0..) => {
                format!("The server reads {} of the file", amount(read as usize))
            }
            _ => "Reading the file fails".to_string(),
        },
        ("read", _) if refused => format!("{who} sent nothing more"),
        ("read", _) => match number {
            Some(0) => format!("The server reads the end: {who} sends no more"),
            Some(read @ 1..) => {
                format!("The server reads {} from {who}", amount(read as usize))
            }
            _ => format!("Reading from {who} fails"),
        },
        ("openat", _) => "The server opens the folder that it serves".to_string(),
        ("openat2", _) => match number {
            Some(0..) => format!("The server opens {}", path(&line.call)),
            _ => format!("The kernel doesn't open {}", path(&line.call)),
        },
        ("statx", _) => "The server asks what that is, and how long".to_string(),
        ("sendfile", _) => sent_file(line, who),
        ("write" | "sendto", _) if refused => {
            format!("The buffers to {who} are full: of {} none is taken", line.asked())
        }
        ("write", _) if line.about.is_none() => {
            "The server prints where it listens".to_string()
        }
        ("write" | "sendto", _) => match number {
            Some(written @ 0..) if line.call.name() == "sendto" && line.has_all() => {
                let written = amount(written as usize);
                format!(
                    "The server writes {written} to {who}, and says that more follows"
                )
            }
            Some(written @ 0..) if line.has_all() => {
                format!("The server writes {} to {who}", amount(written as usize))
            }
            Some(written @ 0..) => format!(
                "The buffers to {who} are full: of {} only {} are taken",
                line.asked(),
                amount(written as usize)
            ),
            _ => format!("Writing to {who} fails"),
        },
        ("close", _) if line.about.is_none() => "The server closes a file".to_string(),
        ("close", _) => format!("The server closes its end of {who}"),
        ("epoll_create1", _) => "The server asks for a list in the kernel".to_string(),
        ("epoll_ctl", _) => watched(&line.call, line.about.as_deref()),
        ("socket", _) => "The server asks for a socket".to_string(),
        ("setsockopt", _) => "The server sets an option of it".to_string(),
        ("bind", _) => "The server gives it an address".to_string(),
        ("listen", _) => "The server has the kernel take connections".to_string(),
        ("getsockname", _) => "The server asks which address it got".to_string(),
        (name, _) => format!("The server calls {name}"),
    }
}

/// What the kernel is told to watch.
fn watched(call: &Call, who: Option<&str>) -> String {
    let Asked::EpollCtl { operation, events, .. } = call.asked else {
        return "The server changes its list".to_string();
    };
    let who = who.unwrap_or("the listener");
    let what = match i32::try_from(events) {
        Ok(0) => "nothing",
        Ok(libc::EPOLLIN) => "bytes to read",
        Ok(libc::EPOLLOUT) => "room to write",
        _ => "events",
    };
    let list = match i32::try_from(operation) {
        Ok(libc::EPOLL_CTL_ADD) => "puts",
        Ok(libc::EPOLL_CTL_DEL) => return format!("The server takes {who} off its list"),
        _ => return format!("The server now waits for {what} of {who}"),
    };
    format!("The server {list} {who} on the kernel's list, to wait for {what}")
}

/// What was sent of a file.
fn sent_file(line: &Line, who: &str) -> String {
    match line.call.result() {
        Some(0) => "The file has ended too early".to_string(),
        Some(sent @ 1..) if line.has_all() => {
            let sent = amount(sent as usize);
            format!("The kernel sends {sent} of the file to {who}")
        }
        Some(sent @ 1..) => format!(
            "The buffers to {who} are full: of {} of the file only {} are sent",
            line.asked(),
            amount(sent as usize)
        ),
        _ if line.outcome() == Outcome::NotNow => {
            format!("The buffers to {who} are full: of the file nothing is sent")
        }
        _ => format!("Sending the file to {who} fails"),
    }
}

/// The path that is opened.
fn path(call: &Call) -> &str {
    match &call.asked {
        Asked::OpenAt2 { path, .. } => str::from_utf8(&path.0).unwrap_or("a file"),
        _ => "a file",
    }
}

/// `Req`, `Res`, `End` and `Linger` from the step on that has them; before, what the server does with the
/// connection. And the class of it.
pub fn state(state: State, step: u8) -> (&'static str, &'static str) {
    match (state, step) {
        (State::Queued, _) => ("queued", "queued"),
        (State::Accepted, ..3) => ("accepted", "open"),
        (State::Polled, ..3) => ("waited for", "open"),
        (State::Req, ..3) => ("read from", "req"),
        (State::Res, ..3) => ("written to", "res"),
        (State::Linger, _) => ("Linger", "linger"),
        (State::End, ..3) => ("closed", "end"),
        (State::Accepted | State::Polled | State::Req, _) => ("Req", "req"),
        (State::Res, _) => ("Res", "res"),
        (State::End, _) => ("End", "end"),
    }
}

/// A mark for a result that isn't what was asked for, and the class of it.
pub fn mark(outcome: Outcome) -> Option<(&'static str, &'static str)> {
    match outcome {
        Outcome::Done => None,
        Outcome::NotNow => Some(("not now", "not-now")),
        Outcome::Error => Some(("error", "error")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn marked(answer: &str) -> &'static str {
        let call =
            format!(r#"{{"call":"write","fd":4,"data":"hello\n","answer":{answer}}}"#);
        let line = Line {
            call: serde_json::from_str(&call).unwrap(),
            turn: Turn::Whole,
            about: None,
            ready: Vec::new(),
            says: String::new(),
        };
        mark(line.outcome()).map_or("", |(word, _)| word)
    }

    #[test]
    fn not_now_is_no_error() {
        assert_eq!(marked(r#"{"result":6}"#), "");
        for (error, expected) in [
            ("EAGAIN", "not now"),
            ("EINTR", "not now"),
            ("EPIPE", "error"),
            ("ECONNRESET", "error"),
        ] {
            assert_eq!(marked(&format!(r#"{{"error":"{error}"}}"#)), expected, "{error}");
        }
    }

    #[test]
    fn what_a_server_does_with_a_connection_is_said_of_the_connection() {
        let all = [
            State::Queued,
            State::Accepted,
            State::Polled,
            State::Req,
            State::Res,
            State::End,
        ];
        let words = |step| all.map(|it| state(it, step).0);
        let before =
            ["queued", "accepted", "waited for", "read from", "written to", "closed"];
        assert_eq!(words(2), before);
        assert_eq!(words(3), ["queued", "Req", "Req", "Req", "Res", "End"]);
    }
}
