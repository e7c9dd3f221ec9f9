//! What `check` says of each check, and how many passed.

use super::{ahead, did_not_start, failed};
use crate::check::Check;
use crate::evidence::failure::{Failure, Kind};
use crate::run::Outcome;
use crate::server::Program;
use crate::step::Step;

pub struct Tally {
    step: Step,
    passed: usize,
    ahead: usize,
    failed: usize,
    skipped: usize,
    /// What the last server that died printed.
    last_death: Option<String>,
    /// No server, no checks.
    did_not_start: bool,
}

impl Tally {
    pub fn new(step: Step) -> Tally {
        let (passed, ahead, failed, skipped) = (0, 0, 0, 0);
        let (last_death, did_not_start) = (None, false);
        Tally { step, passed, ahead, failed, skipped, last_death, did_not_start }
    }

    /// Counts the outcome; what is said of it.
    pub fn add(&mut self, check: &Check, program: &Program, outcome: Outcome) -> String {
        match outcome {
            Outcome::Passed(_) => self.passed(check),
            Outcome::Skipped(tool) => {
                self.skipped += 1;
                format!("- {}: skipped, it needs {tool}", check.name)
            }
            Outcome::Ahead(how) => {
                self.ahead += 1;
                ahead(check, &how)
            }
            Outcome::Failed(failure) if failure.before_the_check() => {
                self.give_up(&failure)
            }
            Outcome::Failed(mut failure) => {
                forget_if_repeated(&mut failure, &mut self.last_death);
                self.failed(&failed(check, &failure, program))
            }
        }
    }

    pub fn passed(&mut self, check: &Check) -> String {
        self.passed += 1;
        format!("✓ {}", check.name)
    }

    /// With the report of [`failed`].
    pub fn failed(&mut self, report: &str) -> String {
        self.failed += 1;
        format!("\n{report}")
    }

    /// The program never came as far as a check.
    pub fn give_up(&mut self, failure: &Failure) -> String {
        self.did_not_start = true;
        did_not_start(failure).trim_end().to_string()
    }

    /// Whether there is no use in another check.
    pub fn has_given_up(&self) -> bool {
        self.did_not_start
    }

    pub fn is_good(&self) -> bool {
        !self.did_not_start && self.failed == 0
    }

    /// What is said in the end, if there was a server to check.
    pub fn conclusion(&self) -> Option<String> {
        let Tally { step, passed, ahead, failed, skipped, .. } = self;
        let mut text = format!("Step {step}: {passed} passed, ");
        if *ahead > 0 {
            text.push_str(&format!("{ahead} ahead, "));
        }
        text.push_str(&format!("{failed} failed"));
        if *skipped > 0 {
            text.push_str(&format!(", {skipped} skipped"));
        }
        (!self.did_not_start).then_some(text)
    }
}

/// What a dying server printed is shown once, and not again if it is the same.
fn forget_if_repeated(failure: &mut Failure, last: &mut Option<String>) {
    if let Kind::Died { output, .. } = &mut failure.kind {
        if last.as_ref() == Some(&output.stderr) {
            output.stdout.clear();
            output.stderr = "(the same as before)".to_string();
        } else {
            *last = Some(output.stderr.clone());
        }
    }
}
