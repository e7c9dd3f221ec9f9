//! Runs of the book: commands, conversations and system calls, recorded once, shown in the
//! chapters, and compared with what happens when they are run again.

pub mod action;
mod client;
mod console;
pub mod kept;
mod kernel;
pub mod ledger;
pub mod place;
mod plan;
mod ports;
mod programs;
mod rules;
mod session;
mod stage;
mod timeline;
mod watch;

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc;
use std::thread;

use anyhow::{Context, Result, ensure};
use checks::kernel::Verdict;
use checks::tool::Tool;
use recording::Recording;

use action::Action;
use kept::RECORDINGS;
use plan::{Console, Plan, Replay};
use programs::Programs;

/// Beside book.toml: what is to be recorded.
const RUNS: &str = "runs";

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
///
/// A server whose calls are those that are kept isn't recorded anew: the lines that make them are
/// brought up to date.
pub fn record(root: &Path, wanted: &[String], mut say: impl FnMut(&str)) -> Result<()> {
    let runs = selected(root, wanted)?;
    say("Building the programs");
    let programs = Programs::build(root)?;
    let folder = root.join(RECORDINGS);
    fs::create_dir_all(&folder)?;
    for run in &runs {
        let name = run.name();
        let tool = run.missing();
        ensure!(tool.is_none(), "{name} needs {}", tool.map_or("", Tool::program));
        let done = match run {
            Run::Console(console) => record_console(console, &folder, &programs),
            Run::Replay(replay) => record_server(replay, &folder, &programs),
        };
        say(&format!("{name}: {}", done.with_context(|| name.to_string())?));
    }
    Ok(())
}

fn record_console(
    console: &Console,
    folder: &Path,
    programs: &Programs,
) -> Result<&'static str> {
    let (text, server) = console::perform(console, programs)?;
    let kept = kept::console(folder, &console.name).ok();
    let same = kept.is_some_and(|kept| kept::difference(&kept, &text).is_none());
    let file = kept::server_file(folder, &console.name);
    let served = match (server, kept::recording(&file).ok()) {
        (None, _) => Kept::Same,
        (Some(fresh), kept) => {
            let kept = kept.filter(|kept| console.defines(kept));
            keep_server(&file, kept, programs, || Ok(fresh))?
        }
    };
    if same && served == Kept::Same {
        return Ok("as before");
    }
    if !same {
        fs::write(kept::console_file(folder, &console.name), text)?;
    }
    Ok("recorded")
}

fn record_server(
    replay: &Replay,
    folder: &Path,
    programs: &Programs,
) -> Result<&'static str> {
    let file = kept::replay_file(folder, &replay.name);
    let kept = kept::recording(&file).ok().filter(|kept| replay.defines(kept));
    let live = || stage::perform(replay, programs);
    Ok(match keep_server(&file, kept, programs, live)? {
        Kept::Same => "as before",
        Kept::Lines => "the same calls, by other lines",
        Kept::Anew => "recorded",
    })
}

#[derive(PartialEq)]
enum Kept {
    Same,
    Lines,
    Anew,
}

/// Keeps what is recorded, if the server still does it.
fn keep_server(
    file: &Path,
    kept: Option<Recording>,
    programs: &Programs,
    anew: impl FnOnce() -> Result<Recording>,
) -> Result<Kept> {
    let verdict = kept.map(|kept| programs.replay(&kept)).transpose()?;
    let (fresh, done) = match verdict {
        Some(Verdict::Same) => return Ok(Kept::Same),
        Some(Verdict::Moved(fresh)) => (fresh, Kept::Lines),
        Some(Verdict::Parted(_)) | None => (anew()?, Kept::Anew),
    };
    fs::create_dir_all(file.parent().unwrap_or(file))?;
    fs::write(file, fresh.text()?)?;
    Ok(done)
}

/// Runs each recorded server again on what was recorded, and tells how each went. Nothing of
/// this machine has a part in it.
pub fn replay_servers(root: &Path, mut tell: impl FnMut(&str, Outcome)) -> Result<()> {
    let runs = selected(root, &[])?;
    let (programs, folder) = (Programs::build(root)?, root.join(RECORDINGS));
    let recorded: Vec<(&Run, PathBuf)> = runs
        .iter()
        .filter_map(|run| run.recorded_calls(&folder).map(|file| (run, file)))
        .collect();
    at_once(
        &recorded,
        |(run, file)| run.replayed(file, &programs),
        |(run, _), went| tell(run.name(), went),
    );
    Ok(())
}

/// Runs each command again, and tells how each went.
pub fn repeat_commands(root: &Path, mut tell: impl FnMut(&str, Outcome)) -> Result<()> {
    let Plan { console, .. } = Plan::read(&root.join(RUNS))?;
    let (programs, folder) = (Programs::build(root)?, root.join(RECORDINGS));
    at_once(&console, |it| it.again(&folder, &programs), |it, went| tell(&it.name, went));
    Ok(())
}

/// A few at a time, as most of them wait most of the time.
fn at_once<T: Sync>(
    all: &[T],
    run: impl Fn(&T) -> Outcome + Sync,
    mut tell: impl FnMut(&T, Outcome),
) {
    const AT_ONCE: usize = 3;
    let next = AtomicUsize::new(0);
    let (sender, receiver) = mpsc::channel();
    thread::scope(|scope| {
        for _ in 0..AT_ONCE {
            let (sender, next, run) = (sender.clone(), &next, &run);
            scope.spawn(move || {
                while let Some(one) = all.get(next.fetch_add(1, Ordering::Relaxed)) {
                    let _ = sender.send((one, run(one)));
                }
            });
        }
        drop(sender);
        receiver.iter().for_each(|(one, outcome)| tell(one, outcome));
    });
}

/// Files in the folder of recordings that nothing in `runs` makes.
pub fn left_over(root: &Path) -> Result<Vec<String>> {
    let runs = selected(root, &[])?;
    let folder = root.join(RECORDINGS);
    let made: BTreeSet<_> = runs.iter().flat_map(|run| run.files(&folder)).collect();
    let mut left_over = Vec::new();
    for folder in [folder.join("servers"), folder] {
        for entry in fs::read_dir(&folder).context("there are no recordings")? {
            let path = entry?.path();
            if path.is_file() && !made.contains(&path) {
                left_over
                    .push(path.file_name().unwrap_or_default().display().to_string());
            }
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

    fn files(&self, folder: &Path) -> Vec<PathBuf> {
        let shown = match self {
            Run::Console(console) => Some(kept::console_file(folder, &console.name)),
            Run::Replay(_) => None,
        };
        shown.into_iter().chain(self.recorded_calls(folder)).collect()
    }

    /// Where the calls of its server are kept, if they are.
    fn recorded_calls(&self, folder: &Path) -> Option<PathBuf> {
        match self {
            Run::Replay(replay) => Some(kept::replay_file(folder, &replay.name)),
            Run::Console(console) => {
                let file = kept::server_file(folder, &console.name);
                console.recorded_server().map(|_| file)
            }
        }
    }

    fn replayed(&self, file: &Path, programs: &Programs) -> Outcome {
        match self.verdict(file, programs) {
            Ok(Verdict::Same) => Outcome::Same,
            Ok(Verdict::Moved(_)) => {
                Outcome::Different("the same calls are made by other lines\n".into())
            }
            Ok(Verdict::Parted(difference)) => Outcome::Different(difference),
            Err(error) => Outcome::Different(format!("{error:#}\n")),
        }
    }

    fn verdict(&self, file: &Path, programs: &Programs) -> Result<Verdict> {
        let kept = kept::recording(file)?;
        let defined = match self {
            Run::Replay(replay) => replay.defines(&kept),
            Run::Console(console) => console.defines(&kept),
        };
        ensure!(defined, "{RUNS}/ defines it otherwise");
        programs.replay(&kept)
    }

    fn missing(&self) -> Option<Tool> {
        match self {
            Run::Console(console) => console.missing(),
            Run::Replay(_) => None,
        }
    }
}

impl Console {
    /// Whether a recording is one of the server behind these commands.
    fn defines(&self, recording: &Recording) -> bool {
        let typed = recording.events.iter().map(|event| &event.action);
        self.recorded_server().as_ref() == Some(&recording.server)
            && self.folder == recording.folder
            && typed.eq([&self.commands()])
    }

    /// A program of the system that it needs and that isn't there.
    fn missing(&self) -> Option<Tool> {
        let needs = |tool: Tool| {
            self.run.iter().any(|command| {
                let line = command.detailed().command;
                let mut words = line.split_whitespace();
                let checks = tool == Tool::Strace && line.contains("--bin check");
                checks || words.any(|word| word == tool.program())
            })
        };
        let tools = [Tool::Strace, Tool::Curl, Tool::Netcat];
        tools.into_iter().find(|tool| needs(*tool) && !tool.installed())
    }

    fn again(&self, folder: &Path, programs: &Programs) -> Outcome {
        if let Some(tool) = self.missing() {
            return Outcome::Skipped(tool);
        }
        let kept = kept::console(folder, &self.name);
        let fresh = kept.and_then(|kept| Ok((kept, console::perform(self, programs)?)));
        match fresh.map(|(kept, (fresh, _))| kept::difference(&kept, &fresh)) {
            Ok(None) => Outcome::Same,
            Ok(Some(difference)) => Outcome::Different(difference),
            Err(error) => Outcome::Different(format!("{error:#}\n")),
        }
    }
}

impl Replay {
    /// Whether a recording is one of this run, with these actions.
    fn defines(&self, recording: &Recording) -> bool {
        let mut actions = self.actions.iter();
        let mut clients = recording.events.iter().filter(|it| it.client.is_some());
        let same = clients.by_ref().zip(actions.by_ref()).all(|(event, line)| {
            let client = event.client.as_deref().unwrap_or_default();
            Action::parse(line)
                .is_ok_and(|it| it.client == client && it.is(&event.action))
        });
        let whole = same && clients.next().is_none() && actions.next().is_none();
        let said = (&self.title, &self.server, &self.folder);
        let kept = (&recording.title, &recording.server, &recording.folder);
        let shown = (recording.startup, recording.amounts_vary);
        whole && said == kept && shown == (self.startup, self.amounts_vary)
    }
}
