//! The programs that the runs start, built beforehand, and a folder in which the commands
//! that a reader types find them.

use std::ffi::OsString;
use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, ensure};
use tempfile::TempDir;

use super::ports::SHOWN;

pub struct Programs {
    folder: TempDir,
}

/// Stands for cargo: starts what `cargo run` would, without building or a word about it. A
/// step that is given no address listens on the port of this recording instead of 8080.
const CARGO: &str = r#"#!/bin/sh
while [ $# -gt 0 ]; do
    case $1 in
        run|-q|--quiet|--release) shift ;;
        -p|--package|--bin) program=$2; shift 2 ;;
        --) shift; break ;;
        *) echo "this stand-in for cargo doesn't know $1" >&2; exit 101 ;;
    esac
done
case $program,$# in
    step*,0) set -- "127.0.0.1:$LANDER_PORT" ;;
esac
exec "target/debug/$program" "$@"
"#;

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
        Programs::around(built)
    }

    fn around(built: &Path) -> Result<Programs> {
        let folder = tempfile::tempdir()?;
        let here = folder.path();
        fs::create_dir_all(here.join("target"))?;
        symlink(built, here.join("target/debug"))?;
        fs::create_dir(here.join("bin"))?;
        fs::write(here.join("bin/cargo"), CARGO)?;
        fs::set_permissions(here.join("bin/cargo"), fs::Permissions::from_mode(0o755))?;
        Ok(Programs { folder })
    }

    /// A shell for one command line, in a folder like the reader's.
    pub fn shell(&self, line: &str, port: u16) -> Command {
        let path = std::env::var_os("PATH").unwrap_or_default();
        let ours = [self.folder.path().join("bin")];
        let path =
            std::env::join_paths(ours.into_iter().chain(std::env::split_paths(&path)));
        let mut shell = Command::new("sh");
        shell
            .arg("-c")
            .arg(line.replace(SHOWN, &port.to_string()))
            .current_dir(self.folder.path())
            .env("LANDER_PORT", port.to_string())
            .env("PATH", path.unwrap_or_default())
            .env("LC_ALL", "C");
        shell
    }

    /// A step on this port, under another command such as a tracer.
    pub fn server(
        &self,
        program: &str,
        port: u16,
        under: &[OsString],
    ) -> Result<Command> {
        let path = self.folder.path().join("target/debug").join(program);
        ensure!(path.is_file(), "there is no program `{program}`");
        let mut words = under.iter().cloned().chain([path.into_os_string()]);
        let mut command = Command::new(words.next().unwrap_or_default());
        command.args(words).arg(format!("127.0.0.1:{port}"));
        Ok(command)
    }
}
