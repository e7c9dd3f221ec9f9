//! Law 1's verifier against chapters with one fault each.

use book::listing::{Act, Kind, Listing, Plan};
use book::source::{SourceFile, Step};
use book::verify::verify;

const BEFORE: &str = "\
use std::io;

const SIZE: usize = 1;

pub struct Pair {
    left: u8,
}

impl Pair {
    pub fn new() -> Pair {
        Pair { left: 0 }
    }

    fn old(&self) {}
}

fn helped() -> io::Result<()> {
    Ok(())
}
";

const AFTER: &str = "\
use std::io;
use std::mem;

const SIZE: usize = 1;
const MORE: usize = 2;

// A left and a right.
pub struct Pair {
    left: u8,
    right: u8,
}

impl Pair {
    pub fn new() -> Pair {
        Pair { left: 0, right: 0 }
    }

    pub fn swap(&mut self) {
        mem::swap(&mut self.left, &mut self.right);
    }
}
";

const OTHER: &str = "\
use std::io;

pub fn helped() -> io::Result<()> {
    Ok(())
}
";

fn step(name: &str, files: &[(&str, &str)]) -> Step {
    let read = |(path, text): &(&str, &str)| {
        (path.to_string(), SourceFile::new(path, text.to_string()).unwrap())
    };
    Step { name: name.into(), files: files.iter().map(read).collect() }
}

fn before() -> Step {
    step("01-one", &[("Cargo.toml", "name = \"step1\"\n"), ("src/main.rs", BEFORE)])
}

fn after() -> Step {
    let files = [
        ("Cargo.toml", "name = \"step2\"\n"),
        ("src/main.rs", AFTER),
        ("src/other.rs", OTHER),
    ];
    step("02-two", &files)
}

/// What a chapter without faults shows.
fn listings(before: &Step, after: &Step) -> Vec<Listing> {
    let shown: [(&str, &[&str]); 8] = [
        ("Cargo.toml", &[]),
        ("src/main.rs", &["imports"]),
        ("src/main.rs", &["MORE"]),
        ("src/main.rs", &["Pair"]),
        ("src/main.rs", &["Pair::new"]),
        ("src/main.rs", &["Pair::swap"]),
        ("src/other.rs", &["imports"]),
        ("src/other.rs", &["helped"]),
    ];
    let mut plan = Plan::new(after, Some(before));
    let listing = |(file, items): &(&str, &[&str])| {
        let items: Vec<String> = items.iter().map(|item| item.to_string()).collect();
        plan.listing(file, &items).unwrap()
    };
    let mut listings: Vec<Listing> = shown.iter().map(listing).collect();
    listings.push(plan.removed("src/main.rs", &["Pair::old".to_owned()]).unwrap());
    listings
}

/// The faults of a chapter whose listings `spoil` has changed.
fn faults(spoil: impl FnOnce(&mut Vec<Listing>)) -> Vec<String> {
    let (before, after) = (before(), after());
    let mut listings = listings(&before, &after);
    spoil(&mut listings);
    verify(Some(&before), &listings, &after)
}

#[track_caller]
fn assert_named(faults: &[String], expected: &[&str]) {
    for words in expected {
        let is_named = faults.iter().any(|fault| fault.contains(words));
        assert!(is_named, "nothing says\n  {words}\nbut\n  {}", faults.join("\n  "));
    }
}

#[test]
fn a_chapter_without_faults_has_none() {
    assert_eq!(faults(|_| ()), Vec::<String>::new());
}

#[test]
fn an_item_that_moved_is_told_to_have_moved() {
    let listings = listings(&before(), &after());
    let Act::Insert { from: Some(origin), .. } = &listings[7].parts[0].act else {
        panic!("{:?}", listings[7]);
    };
    assert_eq!(origin.file, "src/main.rs");
    let first = &listings[7].parts[0].lines[0];
    assert_eq!((first.kind, first.grown.len()), (Kind::Kept, 1));
    assert_eq!(&first.text[first.grown[0].clone()], "pub ");
}

#[test]
fn every_listing_is_needed() {
    for index in 0..9 {
        let faults = faults(|listings| drop(listings.remove(index)));
        assert!(!faults.is_empty(), "without listing {index}");
    }
}

#[test]
fn an_item_left_out_is_named_line_by_line() {
    let faults = faults(|listings| drop(listings.remove(5)));
    let swap = [
        "02-two/src/main.rs:18: `pub fn swap(&mut self) {` is left out",
        "02-two/src/main.rs:19: `mem::swap(&mut self.left, &mut self.right);` is left out",
    ];
    assert_named(&faults, &swap);
}

#[test]
fn an_item_that_is_gone_and_not_told_to_be_is_named() {
    let faults = faults(|listings| drop(listings.pop()));
    assert_named(&faults, &["`fn old(&self) {}` from the step before is still there"]);
}

#[test]
fn a_moved_item_stays_behind_unless_its_move_is_told() {
    let faults = faults(|listings| {
        listings[7].parts[0].act =
            Act::Insert { after: Some("imports".into()), from: None };
    });
    assert_named(&faults, &["`fn helped() -> io::Result<()> {` from the step before"]);
}

#[test]
fn an_item_shown_twice_is_named() {
    let faults = faults(|listings| {
        let again = listings[5].clone();
        listings.push(again);
    });
    assert_named(
        &faults,
        &["02-two/src/main.rs:18 `Pair::swap`: is shown a second time"],
    );
}

#[test]
fn an_item_in_the_wrong_place_is_named() {
    let faults = faults(|listings| {
        listings[2].parts[0].act =
            Act::Insert { after: Some("helped".into()), from: None };
    });
    let more = "02-two/src/main.rs:5: `const MORE: usize = 2;` is in the wrong place";
    assert_named(&faults, &[more]);
}

#[test]
fn a_place_that_is_not_there_is_named() {
    let faults = faults(|listings| {
        listings[2].parts[0].act = Act::Insert { after: Some("LESS".into()), from: None };
    });
    let less = "02-two/src/main.rs:5 `MORE`: `LESS`, which it should follow, isn't there";
    assert_named(
        &faults,
        &[less, "02-two/src/main.rs:5: `const MORE: usize = 2;` is left out"],
    );
}

#[test]
fn a_blank_line_more_or_less_is_named() {
    let faults = faults(|listings| listings[2].parts[0].gap = Some(1));
    assert_named(&faults, &["02-two/src/main.rs:5: before this line, a blank line"]);
}

#[test]
fn an_altered_line_is_named() {
    let faults = faults(|listings| {
        let lines = &mut listings[4].parts[0].lines;
        let line = lines.iter_mut().find(|line| line.text.contains("right: 0")).unwrap();
        line.text = line.text.replace("right: 0", "right: 1");
    });
    let altered = [
        "02-two/src/main.rs:15: `Pair { left: 0, right: 0 }` is left out",
        "02-two/src/main.rs:16: before this line, `Pair { left: 0, right: 1 }` is shown and",
    ];
    assert_named(&faults, &altered);
}

#[test]
fn a_line_lost_from_a_listing_is_named() {
    let faults = faults(|listings| drop(listings[3].parts[0].lines.remove(0)));
    assert_named(
        &faults,
        &["02-two/src/main.rs:7: `// A left and a right.` is left out"],
    );
}

#[test]
fn a_file_left_out_is_named() {
    let faults = faults(|listings| drop(listings.drain(6..8)));
    assert_named(&faults, &["02-two/src/other.rs:1: `use std::io;` is left out"]);
}
