//! A failure in words: what was said, what was due, where the two part, what that usually
//! means, how to see it by hand, and which chapter explains it.

mod by_hand;
mod commands;
mod facts;
mod meaning;
pub mod pinned;
pub mod tally;

use std::fmt::Write;

use self::by_hand::by_hand;
use self::facts::facts;
use self::meaning::meaning;
use crate::check::Check;
use crate::evidence::failure::{Failure, Kind};
use crate::server::Program;
use crate::step::Step;

pub fn failed(check: &Check, failure: &Failure, program: &Program) -> String {
    let mut text = String::new();
    for line in failure.transcript.lines() {
        let _ = writeln!(text, "    {line}");
    }
    if !text.is_empty() {
        text.push('\n');
    }
    text.push_str(&facts(failure));
    let _ = writeln!(text, "\n  {}", meaning(failure));
    if !failure.before_the_check() {
        text.push_str(&by_hand(failure, &check.started(program)));
    }
    if check.is_fault {
        let (step, chapter) = (check.from, check.from + 1);
        let _ = writeln!(
            text,
            "  Step {step} has this fault, and chapter {chapter} mends it. This server shows \
             neither the fault nor what\n  mends it: with the latter it would be ahead."
        );
    }
    let _ = match Step(check.from) {
        Step::FINAL => writeln!(text, "  The last chapter explains it."),
        step => writeln!(text, "  Chapter {step} explains it."),
    };
    format!("✗ {}\n  {}\n\n{text}", check.name, check.claim)
}

/// A line for a fault that isn't there any more.
pub fn ahead(check: &Check, how: &str) -> String {
    format!("+ {}: ahead, since {how}", check.name)
}

/// What is the matter with a program that never came as far as a check.
pub fn did_not_start(failure: &Failure) -> String {
    match failure.kind {
        Kind::DidNotListen { .. } | Kind::WantsAnother { .. } => {
            format!("{}  {}\n", facts(failure), meaning(failure))
        }
        _ => facts(failure),
    }
}
