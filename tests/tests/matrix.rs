//! Checks against our steps: the second law, and the pinned transcripts. The first tier runs
//! each check where its claim begins and where it ends, and so takes longer with the number of
//! checks only. The long tier runs every check against every step.

use std::fmt::Write as _;
use std::sync::LazyLock;

use checks::report;
use checks::report::pinned;
use checks::run::Outcome;
use checks::run::matrix::{Extent, Matrix, Row};
use checks::step::Step;
use checks::system::tool::left_out;

/// One run for all tests of the first tier.
static EDGES: LazyLock<Matrix> = LazyLock::new(|| matrix(Extent::Edges));
/// And one for the long tier.
static WHOLE: LazyLock<Matrix> = LazyLock::new(|| matrix(Extent::Whole));

fn matrix(extent: Extent) -> Matrix {
    Matrix::run(extent).expect("our own programs build")
}

fn complete_rows(matrix: &Matrix) -> impl Iterator<Item = &Row> {
    matrix.rows.iter().filter(|row| row.missing_tool().is_none())
}

#[test]
fn every_check_holds_where_its_claim_begins_and_ends() {
    assert_holds(&EDGES);
}

#[test]
#[ignore = "the long tier: cargo test --no-fail-fast -- --ignored"]
fn every_check_holds_for_every_step_it_claims() {
    assert_holds(&WHOLE);
}

fn assert_holds(matrix: &Matrix) {
    let mut failures = String::new();
    for row in &matrix.rows {
        for (subject, outcome) in matrix.subjects.iter().zip(&row.outcomes) {
            if !row.check.holds_for(subject.step) {
                continue;
            }
            let text = match outcome {
                None | Some(Outcome::Passed(_) | Outcome::Skipped(_)) => continue,
                Some(Outcome::Failed(failure)) => {
                    report::failed(row.check, failure, &subject.program)
                }
                Some(Outcome::Ahead(how)) => report::ahead(row.check, how),
            };
            let _ = writeln!(failures, "step {}:\n{text}", subject.step);
        }
    }
    assert!(failures.is_empty(), "\n{failures}");
}

#[test]
fn every_step_is_forced() {
    let mut faults = String::new();
    for row in complete_rows(&EDGES).filter(|row| row.check.from > 1) {
        let mut cells = row.cells(EDGES.steps()).into_iter();
        let before = cells.rfind(|(step, _)| **step < row.check.from);
        let (before, outcome) = before.expect("it has a cell on the step before");
        let name = row.check.name;
        if outcome.passed() {
            let _ = writeln!(faults, "{name} already passes on step {before}");
        } else if !outcome.failed_when_asked() {
            let _ = writeln!(faults, "{name} doesn't get to ask step {before}");
        }
    }
    assert!(faults.is_empty(), "\n{faults}");
}

#[test]
fn what_is_skipped_is_said() {
    for row in &EDGES.rows {
        if let Some(tool) = row.missing_tool() {
            left_out(format!("the check {}", row.check.name), tool);
        }
    }
}

#[test]
#[ignore = "the long tier: cargo test --no-fail-fast -- --ignored"]
fn the_matrix() {
    let table = WHOLE.table();
    if WHOLE.rows.len() == complete_rows(&WHOLE).count() {
        let mut settings = insta::Settings::clone_current();
        settings.set_prepend_module_to_snapshot(false);
        settings.set_omit_expression(true);
        settings.bind(|| insta::assert_snapshot!("matrix", table));
        return;
    }
    assert_pinned(&WHOLE);
}

#[test]
fn what_is_run_is_in_the_pinned_matrix() {
    assert_pinned(&EDGES);
}

/// Every mark is the pinned one, unless a tool was missing.
fn assert_pinned(matrix: &Matrix) {
    let pinned = pinned("matrix");
    let mut lines = pinned.lines();
    let steps = lines.next().expect("the steps").trim();
    let table = matrix.table();
    let mut table = table.lines();
    assert_eq!(table.next().expect("the steps").trim(), steps, "\n{PIN}");
    for (line, row) in table.zip(&matrix.rows) {
        let pinned = lines.next().unwrap_or_default();
        let marks = line.chars().zip(pinned.chars());
        let is_same = line.chars().count() == pinned.chars().count()
            && marks.into_iter().all(|(mark, pinned)| mark == pinned || mark == ' ');
        assert!(
            is_same || row.missing_tool().is_some(),
            "is:     {line}\npinned: {pinned}\n{PIN}"
        );
    }
}

const PIN: &str = "What is new is pinned by `cargo test -p tests --test matrix -- --ignored`; \
    read it and accept it.";

fn pinned(name: &str) -> String {
    pinned::text(name).unwrap_or_else(|error| panic!("{error}. {PIN}"))
}

/// Failures that are told in the same words on every machine. The book shows them.
const TOLD: [&str; 26] = [
    "a_slow_reader_loses_bytes",
    "two_clients_are_answered_in_either_order",
    "two_hundred_clients_share_a_thread",
    "a_thousand_clients_share_a_thread",
    "a_slow_reader_gets_every_byte",
    "an_interrupted_wait_harms_nobody",
    "each_line_is_counted",
    "a_line_in_pieces_is_one_line",
    "a_page_comes_with_its_length_and_type",
    "two_requests_in_one_write_are_both_answered",
    "an_upload_is_counted_and_summed",
    "a_body_in_chunks_is_summed",
    "the_table_of_codings_holds",
    "a_method_the_path_lacks_is_405",
    "everyone_is_greeted_by_name",
    "a_link_leads_to_its_url",
    "a_paste_comes_back_byte_for_byte",
    "a_file_comes_back_byte_for_byte",
    "a_file_says_which_version_it_is",
    "a_paste_that_is_another_is_not_deleted",
    "an_open_file_stays_open",
    "curl_resumes_where_it_broke_off",
    "several_ranges_come_in_parts",
    "half_a_head_gets_408",
    "a_413_reaches_a_client_that_is_still_sending",
    "a_server_takes_all_descriptors_it_may_have",
];

#[test]
fn failures_are_told_as_they_are_pinned() {
    let mut settings = insta::Settings::clone_current();
    settings.set_prepend_module_to_snapshot(false);
    settings.set_snapshot_path("snapshots/failures");
    settings.set_omit_expression(true);
    settings.bind(|| {
        for row in complete_rows(&EDGES).filter(|row| TOLD.contains(&row.check.name)) {
            let (name, mut cells) =
                (row.check.name, row.cells(EDGES.steps()).into_iter());
            let Some((step, Outcome::Failed(failure))) = cells.next() else {
                panic!("{name} doesn't fail on the step before");
            };
            insta::assert_snapshot!(name, pinned::report(row.check, step, failure));
        }
    });
}

#[test]
fn what_is_run_is_in_the_pinned_transcripts() {
    for row in complete_rows(&EDGES) {
        let name = row.check.name;
        let pinned = pinned(&format!("transcripts/{name}"));
        for (step, outcome) in row.cells(EDGES.steps()) {
            if let Outcome::Passed(text) = outcome
                && row.check.holds_for(step)
            {
                let pinned = transcript_of(step, &pinned).unwrap_or_default();
                assert_eq!(text.trim(), pinned.trim(), "{name} on step {step}\n{PIN}");
            }
        }
    }
}

/// What stands below `== steps 3, 4, final`, for one of them.
fn transcript_of(step: Step, pinned: &str) -> Option<&str> {
    let step = step.to_string();
    let sections = pinned.split("\n== step").skip(1);
    let mut sections = sections.filter_map(|section| section.split_once('\n'));
    let of_step = sections.find(|(steps, _)| {
        let steps = steps.trim_start_matches('s').trim();
        steps.split(", ").any(|other| other == step)
    });
    of_step.map(|(_, text)| text)
}

#[test]
#[ignore = "the long tier: cargo test --no-fail-fast -- --ignored"]
fn the_transcripts() {
    let held = |row: &&Row| {
        let mut claimed = row.cells(WHOLE.steps()).into_iter();
        claimed.all(|(step, outcome)| !row.check.holds_for(step) || outcome.passed())
    };
    let mut settings = insta::Settings::clone_current();
    settings.set_prepend_module_to_snapshot(false);
    settings.set_snapshot_path("snapshots/transcripts");
    settings.set_omit_expression(true);
    settings.bind(|| {
        for row in complete_rows(&WHOLE).filter(held) {
            insta::assert_snapshot!(row.check.name, row.transcripts(WHOLE.steps()));
        }
    });
}
