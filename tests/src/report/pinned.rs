//! What is pinned of our own programs: the matrix, and failures in words.

use std::fs;
use std::path::Path;

use super::failed;
use crate::check::Check;
use crate::evidence::failure::{Failure, Kind};
use crate::server::Program;
use crate::step::Step;
use crate::subject;
use crate::system::patience::USUAL;

/// The text of a snapshot, below its header.
pub fn text(name: &str) -> Result<String, String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/snapshots");
    let text = fs::read_to_string(folder.join(format!("{name}.snap")));
    let text = text.map_err(|error| format!("{name} isn't pinned: {error}"))?;
    let (_, text) = text.split_once("\n---\n").ok_or("a snapshot has a header")?;
    Ok(text.to_owned())
}

/// The mark of a check on a step in the pinned matrix; see [`crate::run::matrix::Matrix::table`].
pub fn mark(check: &Check, step: Step) -> Result<char, String> {
    let matrix = text("matrix")?;
    let mut rows = matrix.lines().map(str::split_whitespace);
    let mut steps = rows.next().into_iter().flatten();
    let column = steps.position(|name| name == step.to_string());
    let row = rows.find_map(|mut row| (row.next()? == check.name).then_some(row));
    let mark = row.zip(column).and_then(|(mut row, column)| row.nth(column));
    let mark = mark.and_then(|mark| mark.chars().next());
    mark.ok_or_else(|| format!("{} on step {step} isn't in the matrix", check.name))
}

/// The report of a check that fails on the step before its first, as it is pinned: as if the
/// program were started by the command that the book shows, and with the usual patience.
pub fn report(check: &Check, step: Step, failure: &Failure) -> String {
    let mut failure = failure.clone();
    if let Kind::Silence { waited, .. } | Kind::NoEnd { waited } = &mut failure.kind {
        *waited = USUAL;
    }
    let mut program = Program::new([format!("target/debug/step{step}")]);
    program.command.extend(subject::arguments(step, Path::new("site")));
    only_folder(&failed(check, &failure, &program))
}

/// Checks that run at the same time have folders of different numbers; one that runs alone has
/// the first. See [`crate::scene::site::Site`].
fn only_folder(report: &str) -> String {
    const FOLDER: &str = "/check-";
    let mut pieces = report.split(FOLDER);
    let mut text = pieces.next().unwrap_or_default().to_string();
    for piece in pieces {
        let rest = piece.trim_start_matches(|letter: char| letter.is_ascii_digit());
        let number = if rest.len() < piece.len() { "1" } else { "" };
        text.push_str(&[FOLDER, number, rest].concat());
    }
    text
}

/// The same as it was pinned.
pub fn pinned_report(check: &Check) -> Result<String, String> {
    text(&format!("failures/{}", check.name))
}
