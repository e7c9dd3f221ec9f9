//! Every line is in the book: what a chapter's page shows makes its step of the step before.

// Others read more of it.
#[allow(dead_code)]
mod page;
mod pages;

use std::sync::Arc;

use book::build::root;
use book::source::Steps;
use book::verify::verify;
use page::pinned::{pinned, unpinned};
use pages::Pages;

/// The steps, and the folder of the pages that are about them.
fn steps_and_pages() -> (Steps, Arc<Pages>) {
    let steps = Steps::read(&root());
    let steps = steps.unwrap_or_else(|error| panic!("\n{error:#}\n"));
    (steps, Pages::shared())
}

#[test]
fn what_each_chapter_shows_makes_its_step() {
    let (steps, pages) = steps_and_pages();
    let mut faults = Vec::new();
    for step in steps.iter() {
        let page = match page::chapter(pages.path(), &steps, step) {
            Ok(page) => page,
            Err(missing) => {
                faults.push(missing);
                continue;
            }
        };
        for (stretch, shown) in page::stretches(&page, &steps, step) {
            let listings = page::listings(&shown);
            faults.extend(verify(stretch.before, &listings, stretch.step));
        }
    }
    assert!(faults.is_empty(), "\n{}\n", faults.join("\n"));
}

/// Every line that a chapter shows, pinned, whatever the order in which it shows them: a step
/// that changes by one character changes here.
/// `INSTA_UPDATE=always cargo test -p book` takes what it finds as right.
#[test]
fn the_lines_of_each_chapter_are_pinned() {
    let (steps, pages) = steps_and_pages();
    let mut all = Vec::new();
    for step in steps.iter() {
        let page = page::chapter(pages.path(), &steps, step).expect("a chapter");
        let lines = pinned(&page, &steps, step);
        // All of them, and where they are: what follows ends at the first chapter.
        unpinned(step, &lines).iter().for_each(|fault| eprintln!("{fault}"));
        all.push((step.name.as_str(), lines));
    }
    for (name, lines) in &all {
        let written: String =
            lines.iter().map(|line| format!("{}\n", line.text)).collect();
        insta::assert_snapshot!(*name, written);
    }
}
