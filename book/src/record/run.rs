//! One thing to record: how it is defined, where it is kept, and whether it is still so.

use std::path::{Path, PathBuf};

use anyhow::{Result, ensure};
use checks::kernel::Verdict;
use checks::system::tool::Tool;
use recording::Recording;

use super::action::Action;
use super::plan::{Console, Plan, Replay};
use super::programs::Programs;
use super::{Outcome, RUNS, console, kept};

pub enum Run {
    Console(Console),
    Replay(Replay),
}

/// All that is wanted, or all.
pub fn selected(root: &Path, wanted: &[String]) -> Result<Vec<Run>> {
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
    pub fn name(&self) -> &str {
        match self {
            Run::Console(console) => &console.name,
            Run::Replay(replay) => &replay.name,
        }
    }

    fn is(&self, wish: &str) -> bool {
        let chapter = self.name().split('-').next().unwrap_or_default();
        self.name() == wish || chapter == format!("{wish:0>2}")
    }

    pub fn files(&self, folder: &Path) -> Vec<PathBuf> {
        let shown = match self {
            Run::Console(console) => Some(kept::console_file(folder, &console.name)),
            Run::Replay(_) => None,
        };
        shown.into_iter().chain(self.recorded_calls(folder)).collect()
    }

    /// Where the calls of its server are kept, if they are.
    pub fn recorded_calls(&self, folder: &Path) -> Option<PathBuf> {
        match self {
            Run::Replay(replay) => Some(kept::replay_file(folder, &replay.name)),
            Run::Console(console) => {
                let file = kept::servers_file(folder, &console.name);
                console.recorded_server().map(|_| file)
            }
        }
    }

    pub fn replayed(&self, file: &Path, programs: &Programs) -> Outcome {
        Outcome::of(match self {
            Run::Replay(replay) => replay.played(file, programs),
            Run::Console(console) => console.served(file, programs),
        })
    }

    pub fn missing(&self) -> Option<Tool> {
        match self {
            Run::Console(console) => console.missing(),
            Run::Replay(_) => None,
        }
    }
}

impl Console {
    /// Whether a recording is one of the server behind these commands.
    pub fn defines(&self, recording: &Recording) -> bool {
        let typed = recording.events.iter().map(|event| &event.action);
        self.recorded_server().as_ref() == Some(&recording.server)
            && self.folder == recording.folder
            && typed.eq([&self.commands()])
    }

    /// How what the kept servers do now differs from what they did: not at all, if it is as it
    /// should be.
    pub fn served(&self, file: &Path, programs: &Programs) -> Result<String> {
        let mut differences = String::new();
        for (number, kept) in (1..).zip(kept::servers(file)?) {
            ensure!(self.defines(&kept), "{RUNS}/ defines it otherwise");
            if let Verdict::Parted(difference) = programs.replay(&kept)? {
                differences.push_str(&format!("its server {number}: {difference}"));
            }
        }
        Ok(differences)
    }

    /// A program of the system that it needs and that isn't there.
    pub fn missing(&self) -> Option<Tool> {
        let needs = |tool: Tool| {
            self.run.iter().any(|command| {
                let line = self.line(&command.detailed());
                let mut words = line.split_whitespace();
                let checks = tool == Tool::Strace && line.contains("--bin check");
                checks || words.any(|word| word == tool.program())
            })
        };
        let tools = [Tool::Strace, Tool::Curl, Tool::Netcat];
        tools.into_iter().find(|tool| needs(*tool) && !tool.installed())
    }

    pub fn again(&self, folder: &Path, programs: &Programs) -> Outcome {
        if let Some(tool) = self.missing() {
            return Outcome::Skipped(tool);
        }
        let difference = || {
            let kept = kept::console(folder, &self.name)?;
            let (fresh, _) = console::perform(self, programs, false)?;
            Ok(kept::difference(&kept, &fresh))
        };
        Outcome::of(difference())
    }
}

impl Replay {
    /// The same of its server.
    fn played(&self, file: &Path, programs: &Programs) -> Result<String> {
        let kept = kept::recording(file)?;
        ensure!(self.defines(&kept), "{RUNS}/ defines it otherwise");
        Ok(match programs.replay(&kept)? {
            Verdict::Same => String::new(),
            Verdict::Moved(_) => "the same calls are made by other lines\n".to_string(),
            Verdict::Parted(difference) => difference,
        })
    }

    /// Whether a recording is one of this run, with these actions.
    pub fn defines(&self, recording: &Recording) -> bool {
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
