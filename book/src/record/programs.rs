//! The programs that the runs start, built beforehand.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::{Arc, Mutex, PoisonError};

use anyhow::{Context, Result, ensure};
use checks::kernel::{self, Library, Lines, Verdict};
use checks::subject;
use recording::{Folder, Recording};

use super::place::{self, Place, SHOWN};
use crate::source::Steps;

pub struct Programs {
    /// The folder of book.toml.
    root: PathBuf,
    built: PathBuf,
    /// The kernel under which servers are recorded and run again.
    pub library: Library,
    /// Those of each server that was run again: to find them takes longer than its run.
    lines: Mutex<BTreeMap<String, Arc<Mutex<Lines>>>>,
    /// The folders of the stages that are built.
    stages: Mutex<BTreeMap<String, PathBuf>>,
}

impl Programs {
    /// Builds every step and the program `check`.
    pub fn build(root: &Path) -> Result<Programs> {
        let subjects = subject::build().context("the steps don't build")?;
        let first = subjects.first().context("there are no steps")?;
        let built = PathBuf::from(&first.program.command[0]);
        let built = built.parent().context("a program is in a folder")?;
        let check = ["--package", "tests", "--bin", "check"];
        subject::executables(&check).context("the program `check` doesn't build")?;
        let library = Library::build().context("the kernel doesn't build")?;
        let (root, lines, stages) = (root.to_owned(), Mutex::default(), Mutex::default());
        Ok(Programs { root, built: built.into(), library, lines, stages })
    }

    /// Runs the server of a recording again on what was recorded.
    pub fn replay(&self, recording: &Recording) -> Result<Verdict> {
        let program = self.built.join(place::program(&recording.server));
        ensure!(program.is_file(), "there is no program `{}`", recording.server);
        let mut command = Command::new(&program);
        let serves = !recording.folder.is_empty();
        command.args(place::arguments(&recording.server, serves, SHOWN));
        let lines = self.lines(&recording.server, &program);
        let lines = lines.lock().unwrap_or_else(PoisonError::into_inner);
        Ok(kernel::replay(&self.library, &lines, command, recording)?)
    }

    /// Those of a server. Another server can be run meanwhile.
    fn lines(&self, server: &str, program: &Path) -> Arc<Mutex<Lines>> {
        let mut known = self.lines.lock().unwrap_or_else(PoisonError::into_inner);
        let lines = known.entry(server.to_string());
        let lines = lines.or_insert_with(|| Arc::new(Mutex::new(Lines::of(program))));
        Arc::clone(lines)
    }

    /// A folder of its own, in which the commands that a reader types find them.
    pub fn place(&self, site: &Folder) -> Result<Place> {
        Place::new(&self.built, site)
    }

    /// The same with the program of a stage, such as `05-http/1-hello`, in its step's place. Of
    /// the other programs only `check` is in it.
    pub fn place_of_stage(&self, stage: &str, site: &Folder) -> Result<Place> {
        let mut built = self.stages.lock().unwrap_or_else(PoisonError::into_inner);
        if !built.contains_key(stage) {
            let folder = self.build_stage(stage).context(format!("the stage {stage}"))?;
            built.insert(stage.to_owned(), folder);
        }
        Place::new(&built[stage], site)
    }

    /// One after the other: they share a target folder, and programs in it have the same name.
    fn build_stage(&self, stage: &str) -> Result<PathBuf> {
        let steps = Steps::read(&self.root)?;
        let step = steps.stage(stage).context("there is no such stage")?;
        let all = self.built.with_file_name("stages");
        let folder = all.join(stage);
        for (file, source) in &step.files {
            let path = folder.join(file);
            fs::create_dir_all(path.parent().unwrap_or(&folder))?;
            let alone = if file == "Cargo.toml" { "\n[workspace]\n" } else { "" };
            fs::write(path, source.text.clone() + alone)?;
        }
        fs::copy(self.root.join("../Cargo.lock"), folder.join("Cargo.lock"))?;
        let manifest = folder.join("Cargo.toml").display().to_string();
        let target = all.join("target").display().to_string();
        let built = subject::executables(&[
            "--offline",
            "--quiet",
            "--manifest-path",
            &manifest,
            "--target-dir",
            &target,
        ])?;
        let program = built.values().next().context("it has no program")?;
        let programs = folder.join("programs");
        fs::create_dir_all(&programs)?;
        for program in [program, &self.built.join("check")] {
            fs::copy(program, programs.join(program.file_name().unwrap_or_default()))?;
        }
        Ok(programs)
    }
}
