//! Runs of the book: commands, conversations and system calls, recorded once, shown in the
//! chapters, and compared with what happens when they are run again.

pub mod action;
mod checked;
mod client;
mod console;
pub mod kept;
pub mod ledger;
pub mod place;
mod plan;
mod programs;
mod rules;
mod run;
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
use checks::system::tool::Tool;

use kept::RECORDINGS;
use plan::{Console, Plan, Replay};
use programs::Programs;
use run::{Run, selected};

/// Beside book.toml: what is to be recorded.
const RUNS: &str = "runs";

/// How a run went when it was run again.
pub enum Outcome {
    Same,
    /// A diff, or why there is none.
    Different(String),
    Skipped(Tool),
}

impl Outcome {
    /// A run is the same if nothing differs.
    fn of(differences: Result<String>) -> Outcome {
        match differences {
            Ok(text) if text.is_empty() => Outcome::Same,
            Ok(text) => Outcome::Different(text),
            Err(error) => Outcome::Different(format!("{error:#}\n")),
        }
    }
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
    let (text, fresh) = console::perform(console, programs, true)?;
    let kept = kept::console(folder, &console.name).ok();
    let same = kept.is_some_and(|kept| kept::difference(&kept, &text).is_empty());
    let file = kept::servers_file(folder, &console.name);
    let served = fresh.is_empty()
        || matches!(console.served(&file, programs), Ok(verdict) if verdict.is_empty());
    if same && served {
        return Ok("as before");
    }
    if !same {
        fs::write(kept::console_file(folder, &console.name), text)?;
    }
    if !served {
        kept::keep_servers(&file, &fresh)?;
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
    let verdict = kept.map(|kept| programs.replay(&kept)).transpose()?;
    let (fresh, done) = match verdict {
        Some(Verdict::Same) => return Ok("as before"),
        Some(Verdict::Moved(fresh)) => (fresh, "the same calls, by other lines"),
        _ => (stage::perform(replay, programs)?, "recorded"),
    };
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

/// Runs each command again, and tells how each went. What `check` prints of a step isn't among
/// them: it follows from what is pinned, and the tests of the checks run every check on every
/// step. Of a stage it is: nothing else runs a check there.
pub fn repeat_commands(root: &Path, mut tell: impl FnMut(&str, Outcome)) -> Result<()> {
    let Plan { mut console, .. } = Plan::read(&root.join(RUNS))?;
    console.retain(|console| console.stage.is_some() || !console.runs_checks());
    let (programs, folder) = (Programs::build(root)?, root.join(RECORDINGS));
    at_once(&console, |it| it.again(&folder, &programs), |it, went| tell(&it.name, went));
    Ok(())
}

/// Puts together again what `check` printed, and tells how each run went. No server is run.
pub fn derive_checks(root: &Path, mut tell: impl FnMut(&str, Outcome)) -> Result<()> {
    let Plan { console, .. } = Plan::read(&root.join(RUNS))?;
    for console in console.iter().filter(|console| console.runs_checks()) {
        let kept = kept::console(&root.join(RECORDINGS), &console.name)?;
        let fresh = console.checked().with_context(|| console.name.clone())?;
        tell(&console.name, Outcome::of(Ok(kept::exact_difference(&kept, &fresh))));
    }
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
