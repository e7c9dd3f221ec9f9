//! Which mutants there are, and in which order a seed draws them.

use std::io;
use std::path::Path;
use std::process::Command;

use serde::Deserialize;

/// One change to one file.
#[derive(Deserialize)]
pub struct Mutant {
    /// The file, the place in it, and what is changed, for people.
    pub name: String,
    /// From the root of the workspace.
    pub file: String,
    /// The change as a unified diff.
    pub diff: String,
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

/// Puts the mutants in the order in which this seed draws them.
pub fn draw(mutants: &mut [Mutant], seed: u64) {
    fastrand::Rng::with_seed(seed).shuffle(mutants);
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
        let start = Place { line, column: 5 };
        let (file, diff) = ("final/src/a.rs".into(), String::new());
        Mutant { name, file, diff, span: Span { start } }
    }

    #[test]
    fn a_seed_draws_the_same_order_each_time() {
        let drawn = |seed| {
            let mut mutants: Vec<Mutant> = (0..100).map(mutant).collect();
            draw(&mut mutants, seed);
            mutants.iter().map(Mutant::line).collect::<Vec<_>>()
        };
        assert_eq!(drawn(1), drawn(1));
        assert_ne!(drawn(1), drawn(2));
        assert_eq!(drawn(20261128)[..5], [66, 82, 52, 10, 28]);
    }

    #[test]
    fn a_change_is_told_without_its_place() {
        assert_eq!(mutant(7).change(), "replace f -> a::B with c::D");
    }
}
