//! What holds for the list of all checks.

use std::collections::BTreeSet;

use checks::checks::all;
use checks::step::{Step, newest_step};

#[test]
fn names_are_unique_sentences() {
    let mut names = BTreeSet::new();
    for check in all() {
        assert!(names.insert(check.name), "{} is there twice", check.name);
        let plain =
            |letter: char| letter.is_ascii_lowercase() || "_0123456789".contains(letter);
        assert!(check.name.chars().all(plain), "{}", check.name);
        assert!(check.claim.ends_with('.'), "{}", check.claim);
    }
}

#[test]
fn steps_are_in_order() {
    for check in all() {
        let of_final = Step(check.from) == Step::FINAL && check.until.is_none();
        if of_final {
            continue;
        }
        let until = check.until.unwrap_or(*newest_step());
        assert!((1..=until).contains(&check.from), "{}", check.name);
        assert!(until <= *newest_step(), "{}", check.name);
    }
}
