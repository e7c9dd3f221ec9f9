//! Every line is in the book: what a chapter's page shows makes its step of the step before.

mod page;

use std::fs;

use book::build::{build, root};
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
