//! Law 1: what a chapter shows, applied to the step before, is the step.

use std::collections::BTreeSet;

use similar::{Algorithm, DiffOp, capture_diff_slices};

use crate::listing::{Draft, Listing, Part, Role, apply_part, text};
use crate::source::{Step, spoken};

/// What is wrong with the chapter on `step`, each with the file and the line of the step.
pub fn verify(before: Option<&Step>, listings: &[Listing], step: &Step) -> Vec<String> {
    let mut faults = Vec::new();
    let mut draft = Draft::new(before);
    for listing in listings {
        for part in &listing.parts {
            if let Err(error) = apply_part(&mut draft, &listing.file, part) {
                faults.push(format!("{}: {error:#}", place(listing, part, step)));
            }
        }
    }
    let files: BTreeSet<&String> = draft.files.keys().chain(step.files.keys()).collect();
    for file in files {
        let got = draft.files.get(file).map_or(String::new(), text);
        let wanted = step.files.get(file).map_or("", |source| &source.text);
        let former = before.and_then(|step| step.files.get(file));
        let former = former.map_or("", |source| &source.text);
        compare(&format!("{}/{file}", step.name), former, &got, wanted, &mut faults);
    }
    faults
}

fn place(listing: &Listing, part: &Part, step: &Step) -> String {
    let source = step.files.get(&listing.file);
    let node = source.and_then(|source| source.outline.at(&part.path));
    let line = node.map_or(String::new(), |node| format!(":{}", node.first_line()));
    let what = match (&part.role, part.path.as_slice()) {
        (_, []) => String::new(),
        (Role::Tail, path) => format!(" the end of `{}`", spoken(path)),
        (_, path) => format!(" `{}`", spoken(path)),
    };
    format!("{}/{}{line}{what}", listing.step, listing.file)
}

/// Names the runs of lines by which `got`, made from `former`, isn't `wanted`.
fn compare(file: &str, former: &str, got: &str, wanted: &str, faults: &mut Vec<String>) {
    let lines = |text| -> Vec<&str> { str::split_inclusive(text, '\n').collect() };
    let (got, wanted) = (lines(got), lines(wanted));
    let former: BTreeSet<&str> = lines(former).into_iter().collect();
    let ops = capture_diff_slices(Algorithm::Patience, &got, &wanted);
    let ops = || ops.iter().filter(|op| !matches!(op, DiffOp::Equal { .. }));
    let missing: BTreeSet<&str> =
        ops().flat_map(|op| &wanted[op.new_range()]).copied().collect();
    let extra: BTreeSet<&str> =
        ops().flat_map(|op| &got[op.old_range()]).copied().collect();
    for op in ops() {
        for (index, line) in
            wanted.iter().enumerate().take(op.new_range().end).skip(op.new_range().start)
        {
            let what = match extra.contains(line) && !line.trim().is_empty() {
                true => "is in the wrong place",
                false => "is left out",
            };
            faults.push(format!("{file}:{}: {} {what}", index + 1, quoted(line)));
        }
        let next = op.new_range().end + 1;
        for line in &got[op.old_range()] {
            if missing.contains(line) && !line.trim().is_empty() {
                continue;
            }
            let what = match former.contains(line) {
                true => "from the step before is still there",
                false => "is shown and isn't in the step",
            };
            faults.push(format!(
                "{file}:{next}: before this line, {} {what}",
                quoted(line)
            ));
        }
    }
}

fn quoted(line: &str) -> String {
    match line.trim() {
        "" => "a blank line".into(),
        line => format!("`{line}`"),
    }
}
