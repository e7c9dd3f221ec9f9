//! Every check against every step: the second law, and the pinned transcripts.

use std::fmt::Write as _;
use std::sync::LazyLock;

use checks::matrix::{Matrix, Row};
use checks::report;
use checks::run::Outcome;
use checks::tool::left_out;

/// One run for all tests of this file.
static MATRIX: LazyLock<Matrix> =
    LazyLock::new(|| Matrix::run().expect("our own programs build"));

fn complete_rows() -> impl Iterator<Item = &'static Row> {
    let rows = MATRIX.rows.iter();
    rows.filter(|row| row.missing_tool().is_none())
}

#[test]
fn every_check_holds_for_every_step_it_claims() {
    let mut failures = String::new();
    for row in &MATRIX.rows {
        for (subject, outcome) in MATRIX.subjects.iter().zip(&row.outcomes) {
            if !row.check.holds_for(subject.step) {
                continue;
            }
            let text = match outcome {
                Outcome::Passed(_) | Outcome::Skipped(_) => continue,
                Outcome::Failed(failure) => {
                    report::failed(row.check, failure, &subject.program)
                }
                Outcome::Ahead(how) => report::ahead(row.check, how),
            };
            let _ = writeln!(failures, "step {}:\n{text}", subject.step);
        }
    }
    assert!(failures.is_empty(), "\n{failures}");
}

#[test]
fn every_step_is_forced() {
    for row in complete_rows().filter(|row| row.check.from > 1) {
        let cells = MATRIX.steps().zip(&row.outcomes);
        let before = cells.filter(|(step, _)| **step < row.check.from).last();
        if let Some((before, outcome)) = before {
            let name = row.check.name;
            assert!(!outcome.passed(), "{name} already passes on step {before}");
        }
    }
}

#[test]
fn what_is_skipped_is_said() {
    for row in &MATRIX.rows {
        if let Some(tool) = row.missing_tool() {
            left_out(format!("the check {}", row.check.name), tool);
        }
    }
}

#[test]
fn the_matrix() {
    let table = MATRIX.table();
    if MATRIX.rows.len() == complete_rows().count() {
        let mut settings = insta::Settings::clone_current();
        settings.set_prepend_module_to_snapshot(false);
        settings.set_omit_expression(true);
        settings.bind(|| insta::assert_snapshot!("matrix", table));
        return;
    }
    let pinned = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/snapshots/matrix.snap");
    let pinned = std::fs::read_to_string(pinned).expect("the matrix is pinned");
    let mut lines = table.lines().skip(1).zip(&MATRIX.rows);
    let complete = |(_, row): &(&str, &Row)| row.missing_tool().is_none();
    for (line, _) in lines.by_ref().filter(complete) {
        assert!(pinned.contains(line), "not in the pinned matrix:\n{line}");
    }
}

#[test]
fn the_transcripts() {
    let held = |row: &&Row| {
        let cells = MATRIX.steps().zip(&row.outcomes);
        let mut claimed = cells.filter(|(step, _)| row.check.holds_for(*step));
        claimed.all(|(_, outcome)| outcome.passed())
    };
    let mut settings = insta::Settings::clone_current();
    settings.set_prepend_module_to_snapshot(false);
    settings.set_snapshot_path("snapshots/transcripts");
    settings.set_omit_expression(true);
    settings.bind(|| {
        for row in complete_rows().filter(held) {
            insta::assert_snapshot!(row.check.name, row.transcripts(MATRIX.steps()));
        }
    });
}
