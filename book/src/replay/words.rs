//! A system call in words, from its name, its arguments and its result alone.

use checks::transcript::amount;

use super::scene::{Line, Turn};

/// What the server does in this call; `who` is the client it is about.
pub fn call(line: &Line, who: Option<&str>) -> String {
    let who = who.unwrap_or("its caller");
    let number = line.number();
    let refused = line.result.contains("EAGAIN");
    match (line.name.as_str(), line.turn) {
        ("poll", Turn::Sleeps) => "The server sleeps until a socket is ready".to_string(),
        ("poll", _) => match line.ready.as_slice() {
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
        ("read", _) if refused => format!("{who} sent nothing more"),
        ("read", _) => match number {
            Some(0) => format!("The server reads the end: {who} sends no more"),
            Some(read @ 1..) => {
                format!("The server reads {} from {who}", amount(read as usize))
            }
            _ => format!("Reading from {who} fails"),
        },
        ("write", _) if refused => {
            format!("The buffers to {who} are full: of {} none is taken", line.asked())
        }
        ("write", _) if line.about.is_none() => {
            "The server prints where it listens".to_string()
        }
        ("write", _) => match number {
            Some(written @ 0..) if line.wanted() == Some(written as usize) => {
                format!("The server writes {} to {who}", amount(written as usize))
            }
            Some(written @ 0..) => format!(
                "The buffers to {who} are full: of {} only {} are taken",
                line.asked(),
                amount(written as usize)
            ),
            _ => format!("Writing to {who} fails"),
        },
        ("close", _) => format!("The server closes its end of {who}"),
        ("socket", _) => "The server asks for a socket".to_string(),
        ("setsockopt", _) => "The server sets an option of it".to_string(),
        ("bind", _) => "The server gives it an address".to_string(),
        ("listen", _) => "The server has the kernel take connections".to_string(),
        ("getsockname", _) => "The server asks which address it got".to_string(),
        (name, _) => format!("The server calls {name}"),
    }
}

/// `Req`, `Res`, `End` from the step on that has them; before, what the server does.
pub fn state(state: super::scene::State, step: u8) -> &'static str {
    use super::scene::State::*;
    match (state, step) {
        (Queued, _) => "queued",
        (Req, ..3) => "reads",
        (Res, ..3) => "writes",
        (End, ..3) => "closed",
        (Req, _) => "Req",
        (Res, _) => "Res",
        (End, _) => "End",
    }
}
