//! A program run again on what was recorded.

use std::fs;
use std::io;
use std::process::{Command, Stdio};

use recording::{Orders, Outcome, Recording, Report};
use tempfile::TempDir;

use super::difference;
use super::{Library, Lines};

/// How a replay went.
#[derive(Debug)]
pub enum Verdict {
    /// Every call is made as it was recorded, by the same lines.
    Same,
    /// By other lines: the recording with those.
    Moved(Recording),
    /// The program makes other calls, and how they differ.
    Parted(String),
}

/// Runs the program that `command` starts, whose lines these are, on a recording.
pub fn replay(
    library: &Library,
    lines: &Lines,
    mut command: Command,
    recording: &Recording,
) -> io::Result<Verdict> {
    let folder = TempDir::new()?;
    let (file, report) = (folder.path().join("recording"), folder.path().join("report"));
    fs::write(&file, serde_json::to_vec(recording)?)?;
    let orders = Orders::Replay { recording: file, report: report.clone() };
    library.preload(&mut command, &orders);
    let output = command.stdin(Stdio::null()).output()?;
    let Ok(report) = fs::read(report) else {
        let mut text = format!("the program ended without a word: {}\n", output.status);
        text.push_str(&String::from_utf8_lossy(&output.stderr));
        return Ok(Verdict::Parted(text));
    };
    let report: Report = serde_json::from_slice(&report)?;
    if report.outcome != Outcome::Whole {
        return Ok(Verdict::Parted(difference::text(recording, &report, lines)));
    }
    // Of a server that isn't shown no lines are kept.
    if !has_lines(recording) {
        return Ok(Verdict::Same);
    }
    let fresh = with_lines(recording, &report, lines);
    // A program that was built without debug information has no lines.
    match fresh == *recording || !has_lines(&fresh) {
        true => Ok(Verdict::Same),
        false => Ok(Verdict::Moved(fresh)),
    }
}

fn has_lines(recording: &Recording) -> bool {
    recording.calls().any(|call| !call.at.is_empty())
}

fn with_lines(recording: &Recording, report: &Report, lines: &Lines) -> Recording {
    let mut fresh = recording.clone();
    let events = fresh.events.iter_mut().flat_map(|event| &mut event.calls);
    let mut calls: Vec<_> = events.chain(&mut fresh.waits).collect();
    for played in &report.played {
        calls[played.place].at = lines.at(&played.stack);
    }
    fresh
}
