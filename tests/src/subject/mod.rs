//! Our own programs, the columns of the matrix.

pub mod finished;

use std::collections::HashMap;
use std::ffi::OsString;
use std::io::{self, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use cargo_metadata::{Artifact, Message};
use tempfile::TempDir;

use crate::server::{self, Program};
use crate::step::{COLUMNS, Column, DEADLINES, FILES, POLLERS, Step};

/// A built program, ready to be a server under test.
pub struct Subject {
    pub step: Step,
    pub program: Program,
    _folder: TempDir,
}

impl Subject {
    /// The same program with poll(2) in place of epoll(7), if it has both.
    pub fn on_poll(&self) -> Option<Program> {
        let mut program = self.program.clone();
        let options = ["--poller", "poll"].map(OsString::from);
        program.command.splice(1..1, options);
        (self.step >= POLLERS).then_some(program)
    }

    /// With each poller that it has.
    pub fn programs(&self) -> impl Iterator<Item = Program> {
        [self.program.clone()].into_iter().chain(self.on_poll())
    }
}

/// Builds all columns with one `cargo build`.
pub fn build() -> io::Result<Vec<Subject>> {
    let packages = COLUMNS.iter().flat_map(|column| ["--package", column.package]);
    let executables = executables(&packages.collect::<Vec<_>>())?;
    COLUMNS
        .iter()
        .map(|column| {
            let executable = executables.get(column.package).ok_or_else(|| {
                io::Error::other(format!("{} has no program", column.package))
            })?;
            subject(column, executable)
        })
        .collect()
}

/// Builds one program as its users do.
pub fn build_release(package: &str) -> io::Result<PathBuf> {
    let mut executables = executables(&["--release", "--package", package])?;
    let missing = || io::Error::other(format!("{package} has no program"));
    executables.remove(package).ok_or_else(missing)
}

/// Builds the library of a package that other programs load.
pub fn build_library(package: &str) -> io::Result<PathBuf> {
    let mut libraries = artifacts(&["--package", package], |artifact| {
        let files = artifact.filenames.iter();
        let mut files = files.filter(|file| file.extension() == Some("so"));
        files.next().map(PathBuf::from)
    })?;
    let missing = || io::Error::other(format!("{package} has no library"));
    libraries.remove(package).ok_or_else(missing)
}

/// Builds the program `check` in the same profile as this program.
pub fn build_check() -> io::Result<PathBuf> {
    let profile = if cfg!(debug_assertions) { "dev" } else { "release" };
    let arguments = ["--profile", profile, "--package", "tests", "--bin", "check"];
    let mut executables = executables(&arguments)?;
    executables.remove("check").ok_or_else(|| io::Error::other("there is no check"))
}

/// The programs that such a build makes, by their names.
pub fn executables(arguments: &[&str]) -> io::Result<HashMap<String, PathBuf>> {
    artifacts(arguments, |artifact| artifact.executable.as_ref().map(PathBuf::from))
}

/// What a build made, by the names of its targets, as far as it is `wanted`.
fn artifacts(
    arguments: &[&str],
    wanted: impl Fn(&Artifact) -> Option<PathBuf>,
) -> io::Result<HashMap<String, PathBuf>> {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut build = Command::new(cargo)
        .args(["build", "--message-format=json-render-diagnostics"])
        .args(arguments)
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .stdout(Stdio::piped())
        .spawn()?;
    let stdout = build.stdout.take().expect("it is piped");
    let mut found = HashMap::new();
    for message in Message::parse_stream(BufReader::new(stdout)) {
        if let Message::CompilerArtifact(artifact) = message?
            && let Some(file) = wanted(&artifact)
        {
            found.insert(artifact.target.name, file);
        }
    }
    match build.wait()? {
        status if status.success() => Ok(found),
        status => Err(io::Error::other(format!("cargo build: {status}"))),
    }
}

fn subject(column: &Column, executable: &PathBuf) -> io::Result<Subject> {
    let (step, folder) = (column.step, site()?);
    // Earlier steps have one too, and don't know: what is in it they don't find.
    let mut program = Program::new([executable]).serving(folder.path());
    program.command.extend(arguments(step, folder.path()));
    Ok(Subject { step, program, _folder: folder })
}

/// What one of our programs is told before the address.
pub fn arguments(step: Step, folder: &Path) -> Vec<OsString> {
    let mut words = Vec::new();
    if step >= DEADLINES {
        words.extend(["--patience".into(), server::PLACE.into()]);
    }
    if step >= FILES {
        words.push(folder.into());
    }
    if step == Step::FINAL {
        words.extend(AS_THE_STEPS.iter().chain(&["--listen"]).map(OsString::from));
    }
    words
}

/// What makes `final` do as the steps do where an operator expects something else of it: they list
/// no folder, hide no file, have no log, and serve on one thread.
pub const AS_THE_STEPS: &[&str] =
    &["--no-listing", "--dotfiles", "--log=none", "--workers=1"];

/// A small folder to serve.
pub fn site() -> io::Result<TempDir> {
    let folder = tempfile::tempdir()?;
    let files: [(&str, &[u8]); 3] = [
        ("index.html", b"<!doctype html>\n<title>Lander</title>\n"),
        ("hello.txt", b"hello\n"),
        ("large.bin", &[b'x'; 1 << 20]),
    ];
    for (name, content) in files {
        std::fs::write(folder.path().join(name), content)?;
    }
    Ok(folder)
}
