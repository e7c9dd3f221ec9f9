//! Which mutants there are, and in which order a seed draws them.

use std::hash::Hasher;
use std::io;
use std::path::Path;
use std::process::Command;

use serde::Deserialize;
use siphasher::sip::SipHasher13;

/// One change to one file.
#[derive(Deserialize)]
pub struct Mutant {
    /// The file, the place in it, and what is changed, for people.
    pub name: String,
    /// From the root of the workspace.
    pub file: String,
    diff: String,
    span: Span,
}

#[derive(Deserialize)]
struct Span {
    start: Place,
}

#[derive(Deserialize)]
struct Place {
    line: usize,
    column: usize,
}

impl Mutant {
    /// What is changed, without the place: `replace > with >= in Leftover::keep`.
    pub fn change(&self) -> &str {
        self.name.splitn(4, ':').last().unwrap_or(&self.name).trim_start()
    }

    /// The number of the line where the change begins, from 1.
    pub fn line(&self) -> usize {
        self.span.start.line
    }

    /// The diff without its first two lines: where another file's name might be it says what is
    /// changed, in words that are no file's name.
    pub fn hunks(&self) -> &str {
        self.diff.find("@@ ").map_or("", |start| &self.diff[start..])
    }

    fn place(&self) -> (&str, usize, usize, &str) {
        (&self.file, self.span.start.line, self.span.start.column, &self.name)
    }
}

/// The version of cargo-mutants, which is a reason why a seed may draw other mutants.
pub fn version() -> io::Result<String> {
    let output = cargo(&["mutants", "--version"])?;
    Ok(String::from_utf8_lossy(&output).trim().to_string())
}

/// All mutants of `final` in the workspace at `root`, in the order of files and lines.
pub fn list(root: &Path) -> io::Result<Vec<Mutant>> {
    let root = root.to_string_lossy();
    let list = ["mutants", "--list", "--json", "--diff", "--package", "final"];
    let json = cargo(&[&list[..], &["--dir", &root]].concat())?;
    let mut mutants: Vec<Mutant> = serde_json::from_slice(&json)?;
    mutants.sort_by(|one, other| one.place().cmp(&other.place()));
    Ok(mutants)
}

/// Puts the mutants in the order in which this seed draws them. Each has its lot for itself, by
/// what it changes: other code may come or go, and those that stay keep their order.
pub fn draw(mutants: &mut [Mutant], seed: u64) {
    mutants.sort_by_cached_key(|mutant| {
        let mut hasher = SipHasher13::new_with_keys(seed, 0);
        hasher.write(mutant.file.as_bytes());
        hasher.write_usize(mutant.span.start.column);
        for line in mutant.hunks().lines().filter(|line| line.starts_with(['-', '+'])) {
            hasher.write(line.as_bytes());
        }
        hasher.finish()
    });
}

fn cargo(arguments: &[&str]) -> io::Result<Vec<u8>> {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let output = Command::new(cargo).args(arguments).output()?;
    if output.status.success() {
        return Ok(output.stdout);
    }
    let stderr = String::from_utf8_lossy(&output.stderr);
    Err(io::Error::other(match stderr.contains("no such command") {
        true => "cargo-mutants isn't installed: cargo install --locked cargo-mutants",
        false => stderr.trim_end(),
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mutant(line: usize) -> Mutant {
        let name = format!("final/src/a.rs:{line}:5: replace f -> a::B with c::D");
        let diff = format!("--- a.rs\n+++ replace\n@@ -1 +1 @@\n-{line}\n+changed\n");
        let start = Place { line, column: 5 };
        Mutant { name, file: "final/src/a.rs".into(), diff, span: Span { start } }
    }

    fn drawn(lines: impl Iterator<Item = usize>, seed: u64) -> Vec<usize> {
        let mut mutants: Vec<Mutant> = lines.map(mutant).collect();
        draw(&mut mutants, seed);
        mutants.iter().map(Mutant::line).collect()
    }

    #[test]
    fn a_seed_draws_the_same_order_each_time() {
        assert_eq!(drawn(0..100, 1), drawn((0..100).rev(), 1));
        assert_ne!(drawn(0..100, 1), drawn(0..100, 2));
        let few: Vec<usize> =
            drawn(0..100, 1).into_iter().filter(|line| *line < 50).collect();
        assert_eq!(drawn(0..50, 1), few);
    }

    #[test]
    fn a_change_is_told_without_its_place() {
        assert_eq!(mutant(7).change(), "replace f -> a::B with c::D");
    }
}
