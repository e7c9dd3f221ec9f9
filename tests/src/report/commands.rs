//! What a client sends, as a command of the shell: as exactly as can be.

use std::fmt::Write;

use crate::evidence::script::Said;

/// A longer command is none to be typed.
const LONGEST: usize = 600;
/// More pieces than this are sent as one.
const PIECES: usize = 5;

/// The command that does so.
pub enum Sending {
    Nothing,
    Exactly { command: String, pauses: usize },
    InOnePiece(String),
    Alike(String),
    Last(String),
    TooMuch,
}

impl Sending {
    pub fn of(said: &Said) -> Sending {
        if said.total == 0 {
            return Sending::Nothing;
        }
        let pieces = said.pieces();
        if said.is_whole() && pieces.len() <= PIECES {
            let pauses = pieces.len() - 1;
            let commands: Vec<String> = pieces.into_iter().map(printf).collect();
            let command = match pauses {
                0 => commands.concat(),
                _ => format!("({})", commands.join("; sleep 1; ")),
            };
            if command.len() <= LONGEST {
                return Sending::Exactly { command, pauses };
            }
        }
        let command = printf(&said.start);
        if said.is_whole() && command.len() <= LONGEST {
            return Sending::InOnePiece(command);
        }
        let repeated = || repeated(said).filter(|_| is_alike(said) || !said.is_whole());
        match endless(said).or_else(repeated) {
            Some(command) => Sending::Alike(command),
            None => Sending::TooMuch,
        }
    }

    /// Of many requests, each after the response before, the last is the one that matters.
    pub fn of_one_that_fails(said: &Said) -> Sending {
        match (Sending::of(said), last_request(said)) {
            (Sending::Alike(_) | Sending::TooMuch, Some(command)) => {
                Sending::Last(command)
            }
            (sending, _) => sending,
        }
    }

    pub fn command(&self) -> Option<&str> {
        match self {
            Sending::Exactly { command, .. } => Some(command),
            Sending::InOnePiece(command) => Some(command),
            Sending::Alike(command) | Sending::Last(command) => Some(command),
            Sending::Nothing | Sending::TooMuch => None,
        }
    }

    pub fn pauses(&self) -> usize {
        match self {
            Sending::Exactly { pauses, .. } => *pauses,
            _ => 0,
        }
    }
}

/// If the last piece is a request, and not only the rest of one thing said many times.
fn last_request(said: &Said) -> Option<String> {
    if said.reads_late || !is_request(&said.last) || is_alike(said) {
        return None;
    }
    let command = printf(&said.last);
    (command.len() <= LONGEST).then_some(command)
}

/// Whether what is known of it is one thing again and again.
fn is_alike(said: &Said) -> bool {
    unit(said).is_some_and(|unit| {
        let mut pieces = said.start.chunks(unit.len());
        pieces.all(|piece| unit.starts_with(piece))
    })
}

fn is_request(bytes: &[u8]) -> bool {
    let line = bytes.split(|byte| *byte == b'\n').next().unwrap_or_default();
    line.windows(6).any(|window| window == b" HTTP/")
}

/// A head, and then a letter that doesn't end.
fn endless(said: &Said) -> Option<String> {
    let letter = said.start.last().filter(|it| it.is_ascii_alphanumeric())?;
    let end = said.start.iter().rposition(|byte| byte != letter)? + 1;
    let head = printf(&said.start[..end]);
    let (rest, letter) = (said.total - end, char::from(*letter));
    let is_it = !said.is_whole() && end < Said::KEPT / 2 && head.len() <= LONGEST / 2;
    let made = format!("head -c {rest} /dev/zero | tr '\\0' {letter}");
    is_it.then(|| format!("({head}; {made})"))
}

/// Its first request again and again, or its first line, or just lines.
fn repeated(said: &Said) -> Option<String> {
    let unit = unit(said)?;
    let total = said.total;
    if unit == LINE {
        return Some(format!("yes | head -c {total}"));
    }
    let unit = printf(unit.strip_suffix(b"\n").unwrap_or(unit));
    (unit.len() <= LONGEST / 2).then(|| format!("yes \"$({unit})\" | head -c {total}"))
}

/// What `yes` says by itself.
const LINE: &[u8] = b"y\n";

pub fn unit(said: &Said) -> Option<&[u8]> {
    let first = said.start.split_inclusive(|byte| *byte == b'\n').next()?;
    if !is_request(first) {
        let repeats = said.total >= 4 * first.len() && first.len() <= RUN;
        return Some(if repeats { first } else { LINE });
    }
    let end = said.start.windows(4).position(|window| window == b"\r\n\r\n")? + 4;
    (said.total >= 4 * end).then(|| &said.start[..end])
}

/// Runs of one letter longer than this are made, not typed.
const RUN: usize = 100;

fn printf(bytes: &[u8]) -> String {
    let mut format = String::new();
    let mut runs = String::new();
    for run in bytes.chunk_by(|left, right| left == right) {
        let letter = run[0];
        if run.len() > RUN && letter.is_ascii_alphanumeric() {
            let (length, letter) = (run.len(), char::from(letter));
            format.push_str("%s");
            let made = format!("head -c {length} /dev/zero | tr '\\0' {letter}");
            let _ = write!(runs, " \"$({made})\"");
        } else {
            run.iter().for_each(|byte| escape(*byte, &mut format));
        }
    }
    format!("printf '{format}'{runs}")
}

fn escape(byte: u8, format: &mut String) {
    match byte {
        b'\r' => format.push_str("\\r"),
        b'\n' => format.push_str("\\n"),
        b'\t' => format.push_str("\\t"),
        b'\\' => format.push_str("\\\\"),
        b'%' => format.push_str("%%"),
        b'\'' => format.push_str("'\\''"),
        b' '..=b'~' => format.push(char::from(byte)),
        _ => {
            let _ = write!(format, "\\{byte:03o}");
        }
    }
}
