//! What is kept of a run, and how a later run is compared with it.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use similar::TextDiff;

use super::facts::{Call, Connection, Facts};
use super::rules;

/// A recording: the text of a terminal, or the facts of a server and its clients.
#[derive(Clone, Debug, PartialEq)]
pub enum Recording {
    Console(String),
    Replay(Facts),
}

impl Recording {
    pub fn path(&self, folder: &Path, name: &str) -> PathBuf {
        match self {
            Recording::Console(_) => console_file(folder, name),
            Recording::Replay(_) => replay_file(folder, name),
        }
    }

    pub fn text(&self) -> Result<String> {
        match self {
            Recording::Console(text) => Ok(text.clone()),
            Recording::Replay(facts) => Ok(serde_json::to_string_pretty(facts)? + "\n"),
        }
    }

    /// What is kept under this name, of the same kind as this.
    pub fn kept(&self, folder: &Path, name: &str) -> Result<Option<Recording>> {
        match self.path(folder, name).exists() {
            false => Ok(None),
            true => Ok(Some(match self {
                Recording::Console(_) => Recording::Console(console(folder, name)?),
                Recording::Replay(_) => Recording::Replay(replay(folder, name)?),
            })),
        }
    }

    /// What must be the same in every run.
    fn comparable(&self) -> Result<String> {
        let lines = match self {
            Recording::Console(text) => text.clone(),
            Recording::Replay(facts) if facts.amounts_vary => outline(&unmeasured(facts)),
            Recording::Replay(facts) => Recording::Replay(unmeasured(facts)).text()?,
        };
        Ok(lines.lines().map(|line| rules::comparable(line) + "\n").collect())
    }

    /// Where the two differ, if they do.
    pub fn difference(&self, fresh: &Recording) -> Result<Option<String>> {
        let (kept, fresh) = (self.comparable()?, fresh.comparable()?);
        if kept == fresh {
            return Ok(None);
        }
        let diff = TextDiff::from_lines(&kept, &fresh);
        let mut unified = diff.unified_diff();
        Ok(Some(unified.context_radius(3).header("recorded", "now").to_string()))
    }
}

/// Where a folder is served: without the lengths of heads, as a file's version is in them.
fn unmeasured(facts: &Facts) -> Facts {
    const SURE: usize = 2048;
    let mut facts = facts.clone();
    if facts.folder.is_empty() {
        return facts;
    }
    for event in &mut facts.events {
        event.sent = event.sent.min(1);
        if let Some(got) = &mut event.got {
            // Of a long one, how much is shown depends on it as well.
            if let Some((head, body)) = got.text.split_once("\r\n\r\n") {
                let start: String = body.chars().take(SURE).collect();
                got.text = format!("{head}\r\n\r\n{start}");
            }
            got.bytes = got.bytes.min(1);
        }
        for call in &mut event.calls {
            if matches!(call.name.as_str(), "read" | "write" | "sendto")
                && let Some(1..) = call.number()
                && let Some((data, _)) = call.args.rsplit_once('"')
            {
                call.args = format!("{data}\"");
                call.result = Some(SOME.into());
            }
        }
        for connection in &mut event.connections {
            let ways = [&mut connection.to_server, &mut connection.to_client];
            ways.into_iter().flatten().for_each(|bytes| *bytes = (*bytes).min(1));
        }
    }
    facts
}

/// Stands for an amount.
const SOME: &str = "some";

/// Each event's calls without amounts, each once, the beginning of what a client got, and which
/// buffers held anything.
fn outline(facts: &Facts) -> String {
    let mut text = format!("{}: {}\n", facts.server, facts.title);
    for event in &facts.events {
        let client = event.client.as_deref().unwrap_or("the server");
        text.push_str(&format!("{client} {}\n", event.action));
        let mut lines: BTreeSet<String> = event.calls.iter().map(kind).collect();
        let all = lines.clone();
        lines.retain(|line| !is_rest_of_many(line, &all));
        lines.iter().for_each(|line| text.push_str(&format!("    {line}\n")));
        if let Some(got) = &event.got {
            text.push_str(&format!("  got {:?} {:?}\n", got.text, got.end));
        }
        for Connection { client, to_server, to_client } in &event.connections {
            let word = |bytes: usize| if bytes == 0 { "nothing" } else { "something" };
            let [a, b, c, d] =
                [to_server[0], to_server[1], to_client[0], to_client[1]].map(word);
            text.push_str(&format!(
                "  {client}: {a}, {b} to the server; {c}, {d} back\n"
            ));
        }
    }
    text
}

/// Of much that was read or written the last piece may be small, and need not.
fn is_rest_of_many(line: &str, all: &BTreeSet<String>) -> bool {
    let Some((call, result)) = line.rsplit_once(" = ") else { return false };
    let is_transfer = call.starts_with("read(") || call.starts_with("write(");
    let is_amount = result.parse::<u64>().is_ok_and(|amount| amount > 0);
    is_transfer && is_amount && all.contains(&format!("{call} = many"))
}

fn kind(call: &Call) -> String {
    let Call { name, args, result } = call;
    let args = match (args.split_once(", \""), args.rsplit_once("\"")) {
        (Some((descriptor, _)), Some((_, room))) if name == "read" => {
            format!("{descriptor}, {}", room.trim_start_matches([',', '.', ' ']))
        }
        _ if name == "sendfile" => args.split(", [").next().unwrap_or_default().into(),
        // The path tells what it is about.
        _ if name.starts_with("openat") => args.clone(),
        (Some((descriptor, _)), _) => descriptor.to_string(),
        (None, _) => args.clone(),
    };
    let result = match (call.number(), result) {
        (Some(number), Some(result)) if number < 1000 => result.clone(),
        (Some(_), _) => "many".to_string(),
        (None, Some(some)) => some.clone(),
        _ => "waits".to_string(),
    };
    format!("{name}({args}) = {result}")
}

pub fn console_file(folder: &Path, name: &str) -> PathBuf {
    folder.join(format!("{name}.txt"))
}

pub fn replay_file(folder: &Path, name: &str) -> PathBuf {
    folder.join(format!("{name}.json"))
}

pub fn console(folder: &Path, name: &str) -> Result<String> {
    let file = console_file(folder, name);
    fs::read_to_string(&file).with_context(|| absent(&file, name))
}

pub fn replay(folder: &Path, name: &str) -> Result<Facts> {
    let file = replay_file(folder, name);
    let text = fs::read_to_string(&file).with_context(|| absent(&file, name))?;
    serde_json::from_str(&text).with_context(|| format!("{} is damaged", file.display()))
}

fn absent(file: &Path, name: &str) -> String {
    let file = file.file_name().unwrap_or_default().display();
    format!(
        "there is no recordings/{file}: define {name} in runs/, then \
         `cargo run --release -p book -- record {name}`"
    )
}

#[cfg(test)]
mod tests {
    use std::iter::repeat_n;

    use super::super::facts::{Event, Got};
    use super::*;

    /// What was sent and got of a file whose version is so long.
    fn of_a_version(digits: usize) -> Recording {
        let etag: String = repeat_n('a', digits).collect();
        let head = format!("HTTP/1.1 200 OK\r\nETag: \"{etag}-1-2.3\"\r\n\r\n");
        let body: String = ('a'..='z').cycle().take(4096 - head.len()).collect();
        let call = Call {
            name: "write".into(),
            args: format!("4, \"HTTP/1.1 200 OK\\r\\nETa\"..., {}", head.len()),
            result: Some(head.len().to_string()),
        };
        let bytes = head.len() + 65536;
        let event = Event {
            client: Some("A".into()),
            action: "reads".into(),
            sent: 0,
            got: Some(Got { bytes, text: head + &body, end: None }),
            calls: vec![call],
            connections: vec![],
        };
        Recording::Replay(Facts {
            title: String::new(),
            server: "step9".into(),
            amounts_vary: false,
            folder: [("a".into(), "64 KiB".into())].into(),
            events: vec![event],
        })
    }

    #[test]
    fn a_longer_version_is_no_difference() {
        let [short, long] = [6, 8].map(of_a_version);
        assert_eq!(short.difference(&long).unwrap(), None);
        let Recording::Replay(mut other) = long else { unreachable!() };
        other.events[0].calls[0].result = Some("-1 EPIPE (Broken pipe)".into());
        assert!(short.difference(&Recording::Replay(other)).unwrap().is_some());
    }
}
