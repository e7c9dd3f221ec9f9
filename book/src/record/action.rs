//! What a client of a replay does, in words: `A sends "hello\n"`.

use anyhow::{Context, Result, bail, ensure};
use recording::Event;

#[derive(Clone, Debug, PartialEq)]
pub struct Action {
    pub client: String,
    pub verb: Verb,
    /// The words behind the client's name, as the player shows them.
    pub text: String,
}

#[derive(Clone, Debug, PartialEq)]
pub enum Verb {
    Connect {
        small_buffers: bool,
    },
    Send(Vec<u8>),
    /// As much of it as is taken.
    SendUntilRefused(Vec<u8>),
    /// Piece after piece, until the server has taken more than it could give back.
    SendUntilOwed(Vec<u8>),
    /// Once, what is there.
    Read,
    /// Again and again, until nothing more comes.
    ReadEverything,
    /// Until something has come, be it the end. It isn't read.
    Wait,
    HalfClose,
    Close,
    Reset,
    Stall,
}

/// All the words there are, for an author whose action isn't one.
const WORDS: &str = "connects, connects with small buffers, sends \"…\", sends 3 times \"…\", \
     sends 64 KiB, sends 1 MiB until refused, \
     sends 8 KiB at a time until some is owed, reads, reads everything, half-closes, closes, \
     waits, resets, stalls";

const UNTIL_OWED: &str = " at a time until some is owed";

impl Action {
    pub fn parse(line: &str) -> Result<Action> {
        let (client, text) =
            line.split_once(' ').context("it is a client and what it does")?;
        let name = client.len() == 1 && client.chars().all(|it| it.is_ascii_uppercase());
        ensure!(name, "a client is called A, B, …, not `{client}`");
        let verb = match text {
            "connects" => Verb::Connect { small_buffers: false },
            "connects with small buffers" => Verb::Connect { small_buffers: true },
            "reads" => Verb::Read,
            "reads everything" => Verb::ReadEverything,
            "waits" => Verb::Wait,
            "half-closes" => Verb::HalfClose,
            "closes" => Verb::Close,
            "resets" => Verb::Reset,
            "stalls" => Verb::Stall,
            _ => {
                let Some(what) = text.strip_prefix("sends ") else {
                    bail!("`{line}`: a client can do this: {WORDS}");
                };
                let bytes = |what| bytes(what).with_context(|| format!("`{line}`"));
                if let Some(what) = what.strip_suffix(" until refused") {
                    Verb::SendUntilRefused(bytes(what)?)
                } else if let Some(what) = what.strip_suffix(UNTIL_OWED) {
                    Verb::SendUntilOwed(bytes(what)?)
                } else {
                    Verb::Send(bytes(what)?)
                }
            }
        };
        let text = match text {
            "half-closes" => "closes its sending half",
            "stalls" => "does nothing",
            text => text,
        };
        Ok(Action { client: client.into(), verb, text: text.into() })
    }

    /// The bytes that a client sent in an event.
    pub fn sent(event: &Event) -> Vec<u8> {
        let line = format!("A {}", event.action);
        match Action::parse(&line).map(|action| action.verb) {
            Ok(Verb::Send(bytes) | Verb::SendUntilRefused(bytes)) => bytes,
            Ok(Verb::SendUntilOwed(piece)) => {
                piece.iter().copied().cycle().take(event.sent).collect()
            }
            _ => Vec::new(),
        }
    }

    /// Whether this is what a client did, whatever version it was told.
    pub fn is(&self, done: &str) -> bool {
        match self.text.split_once(ETAG) {
            Some((before, after)) => done.starts_with(before) && done.ends_with(after),
            None => self.text == done,
        }
    }
}

/// Stands for the version that the client was told last.
pub const ETAG: &str = "ETAG";

/// `"…"`, `3 times "…"`, `64 KiB`, `1 MiB`.
pub fn bytes(what: &str) -> Result<Vec<u8>> {
    if let Some(quoted) = what.strip_prefix('"') {
        return unescaped(quoted.strip_suffix('"').context("the text has no end")?);
    }
    let (number, unit) = what.split_once(' ').context("an amount, such as 64 KiB")?;
    let number: usize =
        number.parse().with_context(|| format!("`{number}` is no number"))?;
    let size = match unit.split_once(' ') {
        Some(("times", rest)) => return Ok(bytes(rest)?.repeat(number)),
        _ if unit == "KiB" => number << 10,
        _ if unit == "MiB" => number << 20,
        _ => bail!("`{unit}` is neither KiB nor MiB"),
    };
    const LINE: &[u8] =
        b"abcdefghijklmnopqrstuvwxyz 0123456789 ABCDEFGHIJKLMNOPQRSTUVWXY\n";
    Ok(LINE.iter().copied().cycle().take(size).collect())
}

fn unescaped(text: &str) -> Result<Vec<u8>> {
    let mut bytes = Vec::new();
    let mut letters = text.chars();
    while let Some(letter) = letters.next() {
        let letter = match letter {
            '\\' => match letters.next() {
                Some('n') => '\n',
                Some('r') => '\r',
                Some('t') => '\t',
                Some(it @ ('\\' | '"')) => it,
                _ => bail!("only \\n, \\r, \\t, \\\\ and \\\" are known"),
            },
            letter => letter,
        };
        bytes.extend(letter.encode_utf8(&mut [0; 4]).bytes());
    }
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sent(line: &str) -> Vec<u8> {
        match Action::parse(line).unwrap().verb {
            Verb::Send(bytes)
            | Verb::SendUntilRefused(bytes)
            | Verb::SendUntilOwed(bytes) => bytes,
            verb => panic!("{verb:?}"),
        }
    }

    #[test]
    fn words_are_actions() {
        let action = Action::parse("A connects with small buffers").unwrap();
        assert_eq!(action.verb, Verb::Connect { small_buffers: true });
        assert_eq!(sent(r#"A sends "a \"b\"\r\n""#), b"a \"b\"\r\n");
        assert_eq!(sent(r#"B sends 3 times "x\n""#), b"x\nx\nx\n");
        assert_eq!(sent("B sends 2 KiB until refused").len(), 2048);
        assert_eq!(sent("B sends 8 KiB at a time until some is owed").len(), 8192);
        for line in ["A", "a connects", "A dances", "A sends hello", "A sends \"\\x\""] {
            assert!(Action::parse(line).is_err(), "{line}");
        }
    }
}
