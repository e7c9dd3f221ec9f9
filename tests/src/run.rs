//! One check against one program.

use std::time::Duration;

use crate::check::{Check, Step};
use crate::failure::Failure;
use crate::scene::Scene;
use crate::server::Program;
use crate::tool::Tool;

/// Enough for a slow machine with much else to do.
pub const PATIENT: Duration = Duration::from_secs(20);
/// For a check that is expected to fail, often by waiting in vain.
pub const IMPATIENT: Duration = Duration::from_millis(1500);

pub enum Outcome {
    /// With the transcript.
    Passed(String),
    Failed(Box<Failure>),
    Skipped(Tool),
}

impl Outcome {
    pub fn passed(&self) -> bool {
        matches!(self, Outcome::Passed(_))
    }
}

pub fn run(check: &Check, program: &Program, step: Step, patience: Duration) -> Outcome {
    let mut needed = check.needs.iter();
    if let Some(missing) = needed.find(|tool| !tool.installed()) {
        return Outcome::Skipped(*missing);
    }
    let mut scene = Scene::new(program, step, patience);
    let result = (check.run)(&mut scene);
    match scene.conclude(result) {
        Ok(()) => Outcome::Passed(scene.transcript.text()),
        Err(failure) => Outcome::Failed(failure),
    }
}
