//! What is kept of a run.

use std::fs::{self, File};
use std::io::{Read, Write};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use flate2::Compression;
use flate2::read::GzDecoder;
use flate2::write::GzEncoder;
use recording::{Asked, Call, Recording, Thread};
use similar::TextDiff;

use super::rules;

/// Its folder, beside book.toml.
pub const RECORDINGS: &str = "recordings";

/// A line of a terminal is told apart by its first two characters.
pub const COMMAND: &str = "$ ";
/// The second line of a command, and so on.
pub const CONTINUED: &str = "> ";
pub const NOTE: &str = "# ";
pub const TYPED: &str = "< ";
pub const OUTPUT: &str = "  ";

/// Where two transcripts of a terminal differ: nowhere, if nothing is said.
pub fn difference(kept: &str, fresh: &str) -> String {
    let comparable = |text: &str| -> String {
        text.lines().map(|line| rules::comparable(line) + "\n").collect()
    };
    exact_difference(&comparable(kept), &comparable(fresh))
}

/// The same where nothing may differ.
pub fn exact_difference(kept: &str, fresh: &str) -> String {
    let diff = TextDiff::from_lines(kept, fresh);
    let mut unified = diff.unified_diff();
    unified.context_radius(3).header("recorded", "now").to_string()
}

pub fn console_file(folder: &Path, name: &str) -> PathBuf {
    folder.join(format!("{name}.txt"))
}

pub fn replay_file(folder: &Path, name: &str) -> PathBuf {
    folder.join(format!("{name}.json"))
}

/// Where the calls of the servers behind a terminal are kept.
pub fn servers_file(folder: &Path, name: &str) -> PathBuf {
    folder.join("servers").join(format!("{name}.json.gz"))
}

/// Recordings one after another. They are compressed, as nobody is shown them, and have no lines of
/// the source, so that they change only when a server does something else.
pub fn servers(file: &Path) -> Result<Vec<Recording>> {
    let name = file.file_name().unwrap_or_default().to_string_lossy();
    let packed = File::open(file)
        .with_context(|| absent(file, name.trim_end_matches(".json.gz")))?;
    let mut text = String::new();
    GzDecoder::new(packed).read_to_string(&mut text)?;
    let recordings: Result<_, _> =
        serde_json::Deserializer::from_str(&text).into_iter().collect();
    recordings.with_context(|| format!("{} is damaged", file.display()))
}

pub fn keep_servers(file: &Path, recordings: &[Recording]) -> Result<()> {
    fs::create_dir_all(file.parent().unwrap_or(file))?;
    let mut packed = GzEncoder::new(File::create(file)?, Compression::best());
    for recording in recordings {
        packed.write_all(recording.text()?.as_bytes())?;
    }
    packed.finish()?;
    Ok(())
}

pub fn console(folder: &Path, name: &str) -> Result<String> {
    let file = console_file(folder, name);
    fs::read_to_string(&file).with_context(|| absent(&file, name))
}

pub fn recording(file: &Path) -> Result<Recording> {
    let name = file.file_stem().unwrap_or_default().display().to_string();
    let text = fs::read_to_string(file).with_context(|| absent(file, &name))?;
    serde_json::from_str(&text).with_context(|| format!("{} is damaged", file.display()))
}

/// A recorded server, as the book shows it.
pub fn replay(folder: &Path, name: &str) -> Result<Recording> {
    recording(&replay_file(folder, name)).map(shown)
}

/// With the call in which the server slept again, which has no answer yet, behind those that an
/// action led to. The next event that wakes it begins with the same call and its answer.
fn shown(mut recording: Recording) -> Recording {
    let all: Vec<Call> = recording.calls().cloned().collect();
    let mut behind = 0;
    for event in &mut recording.events {
        behind += event.calls.len();
        let mut threads: Vec<Thread> =
            event.calls.iter().map(|call| call.thread.clone()).collect();
        threads.sort();
        threads.dedup();
        // A clock is read without a system call: vdso(7).
        event.calls.retain(|call| !matches!(call.asked, Asked::ClockGetTime { .. }));
        for thread in threads {
            let next = all[behind..].iter().find(|call| call.thread == thread);
            let sleeps = next.filter(|call| call.asked.may_wait());
            event.calls.extend(sleeps.map(|call| Call { answer: None, ..call.clone() }));
        }
    }
    let is_shown = recording.startup;
    recording.events.retain(|event| is_shown || event.client.is_some());
    recording
}

fn absent(file: &Path, name: &str) -> String {
    let file = file.file_name().unwrap_or_default().display();
    format!(
        "there is no recordings/{file}: define {name} in runs/, then \
         `cargo run -p book -- record {name}`"
    )
}
