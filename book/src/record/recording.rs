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
            Recording::Replay(facts) if facts.amounts_vary => outline(facts),
            Recording::Replay(_) => self.text()?,
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

/// Each event's calls without amounts, each once, the beginning of what a client got, and whether
/// anything waited between the two: on which side of the way, the kernel's tuning decides.
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
            let [there, back] = [to_server, to_client].map(|waiting| match waiting {
                [0, 0] => "nothing",
                _ => "something",
            });
            text.push_str(&format!("  {client}: {there} to the server, {back} back\n"));
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
