//! What is to be recorded: `runs/NN.toml`, a file per chapter.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result, ensure};
use recording::Folder;
use serde::Deserialize;

/// The runs of one chapter.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Plan {
    #[serde(default)]
    pub console: Vec<Console>,
    #[serde(default)]
    pub replay: Vec<Replay>,
}

/// Commands in a terminal.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Console {
    pub name: String,
    /// The program that listens on port 8080 already, such as `step1` or `step14 --patience 2`; it
    /// isn't shown.
    pub server: Option<String>,
    /// What is in the folder `site`, if there is one.
    #[serde(default)]
    pub folder: Folder,
    /// The stage, such as `05-http/1-hello`, whose program is run as that of its step. Its
    /// server isn't recorded.
    pub stage: Option<String>,
    /// Its server gets a limit of descriptors, which a recording can't give it again: so none is
    /// made of it.
    #[serde(default)]
    pub limited: bool,
    /// What the reader's shell knows from a console before, such as a function; it isn't shown.
    pub given: Option<String>,
    pub run: Vec<Command>,
}

/// A command as a reader would type it, in the folder of the workspace.
#[derive(Clone, Debug, Deserialize)]
#[serde(untagged)]
pub enum Command {
    Plain(String),
    Detailed(Detailed),
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Detailed {
    pub command: String,
    /// A line of comment above it, such as which terminal it is typed in.
    pub note: Option<String>,
    /// Lines typed once it runs: each is answered by a line before the next is typed.
    #[serde(default)]
    pub types: Vec<String>,
    /// It goes on while the next commands run, and is ended with the recording.
    #[serde(default)]
    pub stays: bool,
}

/// A server under the preloaded kernel, and what its clients do, one action at a time.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Replay {
    pub name: String,
    /// A sentence: what there is to see.
    pub title: String,
    /// The program, such as `step1` or `step14 --patience 2`.
    pub server: String,
    /// What is in the folder that it serves, if it serves one.
    #[serde(default)]
    pub folder: Folder,
    /// Whether the calls before the first client are part of it.
    #[serde(default)]
    pub startup: bool,
    /// The kernel's tuning decides how much its buffers take, so that a later run may differ
    /// in amounts and in how often a round of calls repeats.
    #[serde(default)]
    pub amounts_vary: bool,
    /// As in `A sends "hello\n"`; see [`super::action`].
    pub actions: Vec<String>,
}

impl Command {
    pub fn detailed(&self) -> Detailed {
        match self {
            Command::Plain(command) => {
                Detailed { command: command.clone(), ..Detailed::default() }
            }
            Command::Detailed(detailed) => detailed.clone(),
        }
    }
}

impl Console {
    /// What a shell is told for this command.
    pub fn line(&self, command: &Detailed) -> String {
        let given = self.given.iter().map(|given| format!("{given}\n"));
        given.chain([command.command.clone()]).collect()
    }

    /// All that is typed, a line for each command.
    pub fn commands(&self) -> String {
        let lines = self.run.iter().map(|command| {
            let Detailed { command, types, .. } = command.detailed();
            [&[command][..], &types].concat().join(" < ")
        });
        lines.collect::<Vec<_>>().join("\n")
    }

    /// The server whose calls are recorded: the one that listens already, or the one that a
    /// command starts.
    pub fn recorded_server(&self) -> Option<String> {
        let mut typed = self.run.iter().map(|command| command.detailed().command);
        let typed = || typed.find_map(|line| started(&line));
        let is_recorded = self.stage.is_none() && !self.limited;
        self.server.clone().or_else(typed).filter(|_| is_recorded)
    }
}

/// What `cargo run -p` starts, or what has its path in the line: `check` gets one, too. A step
/// that is given its own checks passes them all, and nothing is shown of what it does for them.
fn started(line: &str) -> Option<String> {
    let found = line.split_once(" -p ").or_else(|| line.split_once("target/debug/"));
    let name = found?.1.split(' ').next()?;
    let step = name.strip_prefix("step")?;
    let passes = line.contains(&format!("--bin check -- {step} "));
    let patience = line.split_once("--patience ").and_then(|it| it.1.split(' ').next());
    let name = match patience {
        Some(patience) => format!("{name} --patience {patience}"),
        None => name.to_string(),
    };
    (!passes).then_some(name)
}

impl Plan {
    /// All chapters' plans as one.
    pub fn read(folder: &Path) -> Result<Plan> {
        let mut whole = Plan::default();
        let entries =
            fs::read_dir(folder).with_context(|| folder.display().to_string())?;
        let mut files: Vec<_> =
            entries.map(|entry| Ok(entry?.path())).collect::<Result<_>>()?;
        files.retain(|file| file.extension().is_some_and(|it| it == "toml"));
        files.sort();
        let mut names = BTreeSet::new();
        for file in files {
            let shown = || file.display().to_string();
            let plan: Plan =
                toml::from_str(&fs::read_to_string(&file)?).with_context(shown)?;
            let chapter = file.file_stem().and_then(|it| it.to_str()).unwrap_or_default();
            let all = plan.console.iter().map(|it| &it.name);
            for name in all.chain(plan.replay.iter().map(|it| &it.name)) {
                let starts =
                    name.strip_prefix(chapter).is_some_and(|it| it.starts_with('-'));
                ensure!(
                    starts,
                    "{}: the name `{name}` must start with {chapter}-",
                    shown()
                );
                ensure!(names.insert(name.clone()), "{}: two runs named {name}", shown());
            }
            whole.console.extend(plan.console);
            whole.replay.extend(plan.replay);
        }
        Ok(whole)
    }
}
