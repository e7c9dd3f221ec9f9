//! Every line is in the book: what a chapter's page shows makes its step of the step before.

mod page;

use std::fs;

use book::build::{build, root};
use book::listing::{Act, Kind, Part};
use book::source::Steps;
use book::verify::verify;
use scraper::Html;

#[test]
fn what_each_chapter_shows_makes_its_step() {
    let pages = tempfile::tempdir().unwrap();
    build(&root(), Some(pages.path())).unwrap();
    let steps = Steps::read(&root().join("../steps")).unwrap();
    let mut faults = Vec::new();
    for step in steps.iter() {
        let page = pages.path().join(&step.name).with_extension("html");
        let Ok(page) = fs::read_to_string(&page) else {
            faults.push(format!("{} has no chapter {0}.md", step.name));
            continue;
        };
        let listings = page::listings(&Html::parse_document(&page));
        faults.extend(verify(steps.before(&step.name), &listings, step));
    }
    assert!(faults.is_empty(), "\n{}\n", faults.join("\n"));
}

/// Every line that a chapter shows, pinned, whatever the order in which it shows them: a step
/// that changes by one character changes here.
/// `INSTA_UPDATE=always cargo test -p book` takes what it finds as right.
#[test]
fn the_lines_of_each_chapter_are_pinned() {
    let pages = tempfile::tempdir().unwrap();
    build(&root(), Some(pages.path())).unwrap();
    for step in Steps::read(&root().join("../steps")).unwrap().iter() {
        let page = pages.path().join(&step.name).with_extension("html");
        let page = fs::read_to_string(page).expect("a chapter");
        let listings = page::listings(&Html::parse_document(&page));
        let mut parts: Vec<(&str, &Part)> = Vec::new();
        for listing in &listings {
            parts.extend(listing.parts.iter().map(|part| (listing.file.as_str(), part)));
        }
        parts.retain(|(_, part)| !part.lines.is_empty());
        parts.sort_by_key(|(file, part)| (*file, &part.path));
        let written: String =
            parts.iter().map(|(file, part)| written(file, part)).collect();
        insta::assert_snapshot!(step.name.as_str(), written);
    }
}

/// A part of a listing: what it is of, and its lines, each with a sign before it.
fn written(file: &str, part: &Part) -> String {
    let what = match &part.act {
        Act::Insert { from: None, .. } => "new".into(),
        Act::Insert { from: Some(origin), .. } => {
            format!("from {} {}", origin.file, origin.path.join("::"))
        }
        Act::Replace => "changed".into(),
        Act::Remove => "gone".into(),
        Act::Follow => "end".into(),
    };
    let mut text = format!("@ {file} {}: {what}\n", part.path.join("::"));
    for line in &part.lines {
        let sign = match line.kind {
            Kind::Kept => ' ',
            Kind::New => '+',
            Kind::Gone => '-',
        };
        text.push_str(format!("{sign} {}", line.text).trim_end());
        text.push('\n');
    }
    text
}
