//! The programs that a measurement needs besides this one, in the profile of their users.

use std::collections::HashMap;
use std::io;
use std::path::PathBuf;

use crate::subject::executables;

/// The bare epoll loop.
pub fn bare() -> io::Result<PathBuf> {
    build("bare", &["--package", "tests", "--bin", "bare"])
}

/// The program that drives `final` without a socket. It is an example of `final`, so that it is
/// compiled with the same settings.
pub fn rounds() -> io::Result<PathBuf> {
    build("rounds", &["--package", "final", "--example", "rounds"])
}

/// The programs of these packages, by their names.
pub fn packages<'a>(
    names: impl IntoIterator<Item = &'a str>,
) -> io::Result<HashMap<String, PathBuf>> {
    let names = names.into_iter().flat_map(|name| ["--package", name]);
    executables(&["--release"].into_iter().chain(names).collect::<Vec<_>>())
}

fn build(name: &str, arguments: &[&str]) -> io::Result<PathBuf> {
    let mut executables = executables(&[&["--release"], arguments].concat())?;
    executables
        .remove(name)
        .ok_or_else(|| io::Error::other(format!("there is no {name}")))
}
