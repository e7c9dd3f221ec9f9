//! A chapter compiles on the way: at each point that it marks, what it has shown so far makes
//! a crate that builds, and whose tests pass if it says so.

// Other programs use more of them.
#[allow(dead_code)]
mod page;
mod pages;
#[allow(dead_code)]
mod small;
#[allow(dead_code)]
mod workshop;

use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;

use book::build::root;
use book::listing::{Draft, apply_part, text};
use book::source::{Step, Steps, Stretch};
use page::Shown;
use pages::Pages;
use small::Small;
use workshop::{Built, Texts, Workshop};

/// From this chapter on no more than so many new or changed lines stand between two points.
const FIRST: &str = "05";
const MOST: usize = 100;

/// The crate that a reader has at one point of a chapter.
struct Crate {
    /// Such as `05-http-2`: the second of its chapter.
    name: String,
    /// Such as `05-http.md, line 120`.
    place: String,
    is_tested: bool,
    texts: Texts,
}

fn all(root: &Path, pages: &Path) -> Vec<Crate> {
    let mut all = Vec::new();
    for_each_chapter(root, pages, |step, stretches| {
        let mut count = 0;
        for (stretch, shown) in stretches {
            let mut draft = Draft::new(stretch.before);
            for shown in shown {
                match shown {
                    // What doesn't fit is a fault of law 1's.
                    Shown::Listing { listing, .. } => {
                        for part in &listing.parts {
                            let _ = apply_part(&mut draft, &listing.file, part);
                        }
                    }
                    Shown::Point(point) => {
                        count += 1;
                        let files = draft.files.iter();
                        all.push(Crate {
                            name: format!("{}-{count}", step.name),
                            place: point.place.clone(),
                            is_tested: point.is_tested,
                            texts: files
                                .map(|(file, it)| (file.clone(), text(it)))
                                .collect(),
                        });
                    }
                }
            }
        }
    });
    all
}

/// `root` is the folder of book.toml.
fn for_each_chapter(
    root: &Path,
    pages: &Path,
    mut work: impl FnMut(&Step, &[(Stretch, Vec<Shown>)]),
) {
    let steps = Steps::read(root).unwrap();
    for step in steps.iter() {
        // That a step has no chapter is a fault of law 1's.
        if let Ok(page) = page::chapter(pages, &steps, step) {
            work(step, &page::stretches(&page, &steps, step));
        }
    }
}

fn workshop(name: &'static str, all: &[Crate]) -> Workshop {
    let crates = all.iter().map(|it| (it.name.clone(), it.texts.clone()));
    Workshop::new(name, &crates.collect())
}

fn tested(all: &[Crate]) -> Vec<&str> {
    all.iter().filter(|it| it.is_tested).map(|it| it.name.as_str()).collect()
}

/// The points that don't build, each with the compiler's first error.
fn unbuilt<'a>(
    all: impl IntoIterator<Item = &'a Crate>,
    built: &BTreeMap<String, Built>,
) -> Vec<String> {
    let fault = |point: &Crate| match built.get(&point.name) {
        None => Some(format!("{}: cargo says nothing of it", point.place)),
        Some(built) => {
            let first = built.errors.first()?;
            Some(format!("{}: what is shown so far doesn't build\n{first}", point.place))
        }
    };
    all.into_iter().filter_map(fault).collect()
}

/// The points whose crate the compiler refuses, and those whose tests it refuses.
fn refused(name: &'static str, all: &[Crate]) -> Vec<String> {
    if all.is_empty() {
        return Vec::new();
    }
    let workshop = workshop(name, all);
    let mut faults = unbuilt(all, &workshop.cargo(&["check", "--keep-going"], &[]));
    let tested = tested(all);
    if !tested.is_empty() {
        let built = workshop.cargo(&["check", "--tests", "--keep-going"], &tested);
        faults.extend(unbuilt(all.iter().filter(|it| it.is_tested), &built));
    }
    faults
}

/// The points whose tests fail.
fn failing(name: &'static str, all: &[Crate]) -> Vec<String> {
    let words = ["build", "--tests", "--keep-going"];
    if tested(all).is_empty() {
        return Vec::new();
    }
    let built = workshop(name, all).cargo(&words, &tested(all));
    let tested = || all.iter().filter(|it| it.is_tested);
    let mut faults = unbuilt(tested(), &built);
    for point in tested() {
        if let Some(tests) = built.get(&point.name).and_then(|it| it.tests.as_ref()) {
            let output = Command::new(tests).output().unwrap();
            if !output.status.success() {
                let said = String::from_utf8_lossy(&output.stdout);
                faults.push(format!("{}: its tests fail\n{said}", point.place));
            }
        }
    }
    faults
}

/// The chapters from `first` on in which more than `most` lines stand between two points.
fn far_apart(root: &Path, pages: &Path, first: &str, most: usize) -> Vec<String> {
    let mut faults = Vec::new();
    for_each_chapter(root, pages, |step, stretches| {
        let (mut since, mut lines) = ("its start".to_owned(), 0);
        let mut point = |here: String, lines: &mut usize| {
            if *lines > most && step.name.as_str() >= first {
                let chapter = &step.name;
                let fault = format!("{chapter}: {lines} lines from {since} to {here}");
                faults.push(fault);
            }
            (since, *lines) = (here, 0);
        };
        for shown in stretches.iter().flat_map(|(_, shown)| shown) {
            match shown {
                Shown::Listing { printed, .. } => lines += printed,
                Shown::Point(it) => point(it.place.clone(), &mut lines),
            }
        }
        point("its end".into(), &mut lines);
    });
    faults
}

#[track_caller]
fn assert_none(faults: &[String]) {
    assert!(faults.is_empty(), "\n{}\n", faults.join("\n"));
}

#[test]
fn every_point_builds() {
    let pages = Pages::shared();
    assert_none(&refused("points", &all(&root(), pages.path())));
}

#[test]
#[ignore = "the long tier: cargo test --no-fail-fast -- --ignored"]
fn the_tests_pass_at_every_point_that_says_so() {
    let pages = Pages::shared();
    assert_none(&failing("tested-points", &all(&root(), pages.path())));
}

#[test]
fn a_chapter_compiles_every_hundred_lines() {
    let pages = Pages::shared();
    assert_none(&far_apart(&root(), pages.path(), FIRST, MOST));
}

#[test]
fn a_point_is_all_that_was_shown_before_it() {
    let small = Small::new();
    let all = all(&small.root(), &small.built().unwrap());
    let (places, tested): (Vec<_>, Vec<_>) =
        all.iter().map(|it| (it.place.as_str(), it.is_tested)).unzip();
    assert_eq!(places, [3, 11, 15].map(|line| format!("02-two.md, line {line}")));
    assert_eq!(tested, [false, false, true]);
    let main = |point: &Crate| point.texts["src/main.rs"].clone();
    assert!(main(&all[0]).contains("\"one\""), "{}", main(&all[0]));
    assert!(main(&all[1]).contains("fn half()"), "{}", main(&all[1]));
    assert!(main(&all[1]) == main(&all[2]) && all[2].texts.contains_key("src/two.rs"));
    assert_none(&refused("small-points", &all));
}

#[test]
fn a_point_that_does_not_build_is_named() {
    let small = Small::new();
    // The function is called, and not there yet.
    let early = "{{#listing 02-two/src/main.rs half}}";
    let chapter = small::CHAPTER.replace(early, &format!("{{{{#builds}}}}\n\n{early}"));
    let chapter = chapter.replace("{{#builds test}}", "");
    // What isn't for the program alone is for its tests.
    let two = "pub fn two() -> u8 {\n    2\n}\n\n#[test]\nfn two_is_two() {\n    \
               assert_eq!(two(), 3);\n}\n";
    small.write("steps/02-two/src/two.rs", two);
    small.write("book/src/02-two.md", &(chapter + "\n{{#builds test}}\n"));
    let all = all(&small.root(), &small.built().unwrap());
    let faults = refused("refused-points", &all);
    let place = "02-two.md, line 9: what is shown so far doesn't build\nerror[E0425]";
    assert!(faults.len() == 1 && faults[0].starts_with(place), "{faults:?}");
    let faults = failing("failing-points", &all);
    assert!(faults.len() == 1 && faults[0].contains("two_is_two"), "{faults:?}");
}

#[test]
fn a_long_way_between_two_points_is_named() {
    let small = Small::new();
    let faults = far_apart(&small.root(), &small.built().unwrap(), "02", 3);
    let expected = ["02-two: 5 lines from 02-two.md, line 3 to 02-two.md, line 11"];
    assert_eq!(faults, expected);
}

#[test]
fn a_point_is_on_its_page() {
    let small = Small::with_two_pages();
    let (root, pages) = (small.root(), small.built().unwrap());
    let all = all(&root, &pages);
    let places: Vec<_> = all.iter().map(|it| it.place.as_str()).collect();
    assert_eq!(places, ["02-two.md, line 3", "02-two.md, line 11", "02-more.md, line 6"]);
    // The page ends at a point, and the way to the next begins there.
    let faults = far_apart(&root, &pages, "02", 2);
    assert_eq!(
        faults,
        [
            "02-two: 5 lines from 02-two.md, line 3 to 02-two.md, line 11",
            "02-two: 3 lines from 02-two.md, line 11 to 02-more.md, line 6",
        ]
    );
}
