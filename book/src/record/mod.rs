//! Runs of the book: commands, conversations and system calls, recorded once, shown in the
//! chapters, and compared with what happens when they are run again.

mod action;
mod client;
mod console;
mod descriptors;
pub mod facts;
mod kernel;
pub mod ledger;
pub mod place;
mod plan;
mod ports;
mod printed;
mod programs;
pub mod recording;
mod rules;
mod session;
mod stage;
mod timeline;

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc;
use std::thread;

use anyhow::{Context, Result, ensure};
use checks::tool::Tool;

pub use console::{COMMAND, CONTINUED, NOTE, OUTPUT, TYPED};
use plan::{Console, Plan, Replay};
use programs::Programs;
use recording::Recording;

/// Beside book.toml: what is to be recorded, and what was.
pub const RUNS: &str = "runs";
pub const RECORDINGS: &str = "recordings";

/// One thing to record.
enum Run {
    Console(Console),
    Replay(Replay),
}

/// How a run went when it was run again.
pub enum Outcome {
    Same,
    /// A diff, or why there is none.
    Different(String),
    Skipped(Tool),
}

/// Runs what is wanted, all if nothing is named, and keeps what differs from before.
/// `wanted` are names or chapters, as in `3` or `03-calls`.
pub fn record(root: &Path, wanted: &[String], mut say: impl FnMut(&str)) -> Result<()> {
    let runs = selected(root, wanted)?;
    say("Building the programs");
    let programs = Programs::build()?;
    let folder = root.join(RECORDINGS);
    fs::create_dir_all(&folder)?;
    for run in &runs {
        let name = run.name();
        let tool = run.missing();
        ensure!(tool.is_none(), "{name} needs {}", tool.map_or("", Tool::program));
        let fresh = run.perform(&programs).with_context(|| name.to_string())?;
        let kept = fresh.kept(&folder, name).unwrap_or_default();
        let same = kept.map(|kept| kept.difference(&fresh)).transpose()?;
        if matches!(same, Some(None)) {
            say(&format!("{name}: as before"));
            continue;
        }
        fs::write(fresh.path(&folder, name), fresh.text()?)?;
        say(&format!("{name}: recorded"));
    }
    Ok(())
}

/// Runs what is wanted again, all if nothing is named, and tells how each went.
pub fn repeat(
    root: &Path,
    wanted: &[String],
    mut tell: impl FnMut(&str, Outcome),
) -> Result<()> {
    /// Most of them wait most of the time.
    const AT_ONCE: usize = 3;
    let runs = selected(root, wanted)?;
    let programs = Programs::build()?;
    let folder = root.join(RECORDINGS);
    let next = AtomicUsize::new(0);
    let (sender, receiver) = mpsc::channel();
    thread::scope(|scope| {
        for _ in 0..AT_ONCE {
            let sender = sender.clone();
            let (runs, programs, folder, next) = (&runs, &programs, &folder, &next);
            scope.spawn(move || {
                while let Some(run) = runs.get(next.fetch_add(1, Ordering::Relaxed)) {
                    let _ = sender.send((run, run.again(folder, programs)));
                }
            });
        }
        drop(sender);
        receiver.iter().for_each(|(run, outcome)| tell(run.name(), outcome));
    });
    Ok(())
}

/// Files in the folder of recordings that nothing in `runs` makes.
pub fn left_over(root: &Path) -> Result<Vec<String>> {
    let runs = selected(root, &[])?;
    let folder = root.join(RECORDINGS);
    let made: BTreeSet<_> = runs.iter().map(|run| run.file(&folder)).collect();
    let mut left_over = Vec::new();
    for entry in fs::read_dir(&folder).context("there are no recordings")? {
        let path = entry?.path();
        if !made.contains(&path) {
            left_over.push(path.file_name().unwrap_or_default().display().to_string());
        }
    }
    Ok(left_over)
}

fn selected(root: &Path, wanted: &[String]) -> Result<Vec<Run>> {
    let Plan { console, replay } = Plan::read(&root.join(RUNS))?;
    let consoles = console.into_iter().map(Run::Console);
    let mut runs: Vec<Run> =
        consoles.chain(replay.into_iter().map(Run::Replay)).collect();
    for wish in wanted {
        let found = runs.iter().any(|run| run.is(wish));
        ensure!(found, "there is no chapter and no run `{wish}` in {RUNS}/");
    }
    runs.retain(|run| wanted.is_empty() || wanted.iter().any(|wish| run.is(wish)));
    Ok(runs)
}

impl Run {
    fn name(&self) -> &str {
        match self {
            Run::Console(console) => &console.name,
            Run::Replay(replay) => &replay.name,
        }
    }

    fn is(&self, wish: &str) -> bool {
        let chapter = self.name().split('-').next().unwrap_or_default();
        self.name() == wish || chapter == format!("{wish:0>2}")
    }

    fn file(&self, folder: &Path) -> std::path::PathBuf {
        match self {
            Run::Console(console) => recording::console_file(folder, &console.name),
            Run::Replay(replay) => recording::replay_file(folder, &replay.name),
        }
    }

    /// A program of the system that it needs and that isn't there.
    fn missing(&self) -> Option<Tool> {
        let needs = |tool: Tool| match self {
            Run::Replay(_) => tool == Tool::Strace,
            Run::Console(console) => console.run.iter().any(|command| {
                let line = command.detailed().command;
                let mut words = line.split_whitespace();
                let checks = tool == Tool::Strace && line.contains("--bin check");
                checks || words.any(|word| word == tool.program())
            }),
        };
        let tools = [Tool::Strace, Tool::Curl, Tool::Netcat];
        tools.into_iter().find(|tool| needs(*tool) && !tool.installed())
    }

    fn perform(&self, programs: &Programs) -> Result<Recording> {
        Ok(match self {
            Run::Console(console) => {
                Recording::Console(console::perform(console, programs)?)
            }
            Run::Replay(replay) => Recording::Replay(stage::perform(replay, programs)?),
        })
    }

    fn again(&self, folder: &Path, programs: &Programs) -> Outcome {
        if let Some(tool) = self.missing() {
            return Outcome::Skipped(tool);
        }
        match self.difference(folder, programs) {
            Ok(None) => Outcome::Same,
            Ok(Some(diff)) => Outcome::Different(diff),
            Err(error) => Outcome::Different(format!("{error:#}\n")),
        }
    }

    fn difference(&self, folder: &Path, programs: &Programs) -> Result<Option<String>> {
        let kept = match self {
            Run::Console(it) => Recording::Console(recording::console(folder, &it.name)?),
            Run::Replay(it) => Recording::Replay(recording::replay(folder, &it.name)?),
        };
        kept.difference(&self.perform(programs)?)
    }
}
