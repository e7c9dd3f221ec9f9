//! The programs that the runs start, built beforehand.

use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context, Result, ensure};

use super::place::{Folder, Place};

pub struct Programs {
    built: PathBuf,
}

impl Programs {
    /// Builds every step and the program `check`.
    pub fn build() -> Result<Programs> {
        let subjects = checks::subject::build().context("the steps don't build")?;
        let first = subjects.first().context("there are no steps")?;
        let built = PathBuf::from(&first.program.command[0]);
        let built = built.parent().context("a program is in a folder")?;
        let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
        let status = Command::new(cargo)
            .args(["build", "--quiet", "--package", "tests", "--bin", "check"])
            .current_dir(env!("CARGO_MANIFEST_DIR"))
            .status()?;
        ensure!(status.success(), "the program `check` doesn't build");
        Ok(Programs { built: built.into() })
    }

    /// A folder of its own, in which the commands that a reader types find them.
    pub fn place(&self, site: &Folder) -> Result<Place> {
        Place::new(&self.built, site)
    }
}
