//! A folder like the reader's, for one run: the programs, and what is to be served.

use std::fs::{self, File, Permissions};
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, UNIX_EPOCH};

use anyhow::{Context, Result, ensure};
use checks::system::port::Port;
use recording::Folder;
use tempfile::TempDir;

use super::action;

/// The folder that is served, as far as commands and traces show it.
pub const SITE: &str = "site";

/// When each file of it was changed last: Sun, 06 Nov 1994 08:49:37 GMT.
const CHANGED: Duration = Duration::from_secs(784_111_777);

/// The port of every step that isn't told another.
pub const SHOWN: &str = "8080";

/// A free one with as many digits as the one that is shown, so that texts with it are as long,
/// and below those that the kernel gives to clients.
pub fn port() -> Result<Port> {
    Port::among(8_081..9_988).context("none of so many ports is free")
}

pub struct Place {
    folder: TempDir,
    built: PathBuf,
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
case $program,$* in
    step*,*:*) ;;
    step*) set -- "$@" "127.0.0.1:$LANDER_PORT" ;;
esac
exec "target/debug/$program" "$@"
"#;

impl Place {
    /// `built` is where the programs are.
    pub fn new(built: &Path, site: &Folder) -> Result<Place> {
        let folder = tempfile::tempdir()?;
        let here = folder.path();
        fs::create_dir_all(here.join("target"))?;
        symlink(built, here.join("target/debug"))?;
        fs::create_dir(here.join("bin"))?;
        executable(&here.join("bin/cargo"), CARGO)?;
        if !site.is_empty() {
            fs::create_dir(here.join(SITE))?;
        }
        for (name, content) in site {
            let file = here.join(SITE).join(name);
            make(&file, content).with_context(|| format!("the file {name}"))?;
        }
        Ok(Place { folder, built: built.into() })
    }

    /// Puts a script in the place of a program, and where that is in the place of `%PROGRAM%`
    /// in the script.
    pub fn stand_in(&self, program: &str, script: &str) -> Result<()> {
        let programs = self.folder.path().join("target/debug");
        fs::remove_file(&programs)?;
        fs::create_dir(&programs)?;
        symlink(self.built.join("check"), programs.join("check"))?;
        let path = self.built.join(program).display().to_string();
        executable(&programs.join(program), &script.replace("%PROGRAM%", &path))
    }

    /// A shell for one command line.
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
            .env("PATH", path.unwrap_or_default())
            .env("LC_ALL", "C");
        shell
    }

    /// A step on this port, with the folder if there is one.
    pub fn server(&self, server: &str, port: &str) -> Result<Command> {
        let here = self.folder.path();
        let path = self.program(server);
        ensure!(path.is_file(), "there is no program `{server}`");
        let mut command = Command::new(path);
        let serves = here.join(SITE).exists();
        command.args(arguments(server, serves, port)).current_dir(here);
        Ok(command)
    }

    pub fn program(&self, server: &str) -> PathBuf {
        self.folder.path().join("target/debug").join(program(server))
    }
}

fn executable(file: &Path, script: &str) -> Result<()> {
    fs::write(file, script)?;
    Ok(fs::set_permissions(file, Permissions::from_mode(0o755))?)
}

/// The program of a server such as `step14 --patience 2`.
pub fn program(server: &str) -> &str {
    server.split(' ').next().unwrap_or_default()
}

/// What a server is given: what is said with its name, the folder, if it serves one, and where to
/// listen.
pub fn arguments(server: &str, serves: bool, port: &str) -> Vec<String> {
    let said = server.split(' ').skip(1).map(str::to_string);
    let folder = serves.then(|| SITE.to_string());
    said.chain(folder).chain([format!("127.0.0.1:{port}")]).collect()
}

/// Each content is what an action says: `"…"`, `8 MiB`. Or `-> PLACE`, a symbolic link.
fn make(file: &Path, content: &str) -> Result<()> {
    if let Some(parent) = file.parent() {
        fs::create_dir_all(parent)?;
    }
    if let Some(place) = content.strip_prefix("-> ") {
        return Ok(symlink(place, file)?);
    }
    fs::write(file, action::bytes(content)?)?;
    fs::set_permissions(file, Permissions::from_mode(0o644))?;
    Ok(File::options().write(true).open(file)?.set_modified(UNIX_EPOCH + CHANGED)?)
}

/// What is in a file of the folder.
pub fn content(site: &Folder, name: &str) -> Result<Vec<u8>> {
    action::bytes(site.get(name).with_context(|| format!("there is no file {name}"))?)
}
