//! The programs that a measurement needs besides this one, in the profile of their users.

use std::io;
use std::path::PathBuf;
use std::process::{Command, Stdio};

use cargo_metadata::Message;

/// The bare epoll loop.
pub fn bare() -> io::Result<PathBuf> {
    build(&["--package", "tests", "--bin", "bare"], "bare")
}

/// The program that drives `final` without a socket. It is an example of `final`, so that it is
/// compiled with the same settings.
pub fn rounds() -> io::Result<PathBuf> {
    build(&["--package", "final", "--example", "rounds"], "rounds")
}

fn build(arguments: &[&str], target: &str) -> io::Result<PathBuf> {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let output = Command::new(cargo)
        .args(["build", "--release", "--message-format=json-render-diagnostics"])
        .args(arguments)
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .stderr(Stdio::inherit())
        .output()?;
    if !output.status.success() {
        return Err(io::Error::other(format!(
            "cargo build of {target}: {}",
            output.status
        )));
    }
    for message in Message::parse_stream(&output.stdout[..]) {
        if let Message::CompilerArtifact(artifact) = message?
            && artifact.target.name == target
            && let Some(executable) = artifact.executable
        {
            return Ok(executable.into());
        }
    }
    Err(io::Error::other(format!("{target} has no program")))
}
