//! Checks against one program.

pub mod matrix;

use std::collections::BTreeMap;
use std::ops::ControlFlow;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use crate::check::Check;
use crate::client::Options;
use crate::client::dialect::Dialect;
use crate::client::guess;
use crate::evidence::failure::{Attempt, Failure, Kind};
use crate::scene::Scene;
use crate::server::Program;
use crate::system::tool::Tool;

pub enum Outcome {
    /// With the transcript.
    Passed(String),
    Failed(Box<Failure>),
    /// The step's own fault, which the check is to show, isn't there any more, and why.
    Ahead(String),
    Skipped(Tool),
}

impl Outcome {
    pub fn passed(&self) -> bool {
        matches!(self, Outcome::Passed(_))
    }

    /// Whether it failed by what a server does: one that isn't there to be asked proves
    /// nothing.
    pub fn failed_when_asked(&self) -> bool {
        let Outcome::Failed(failure) = self else { return false };
        !matches!(
            failure.kind,
            Kind::DidNotStart { .. }
                | Kind::DidNotListen { .. }
                | Kind::Died { listened: false, .. }
        )
    }
}

pub fn run(
    check: &Check,
    program: &Program,
    dialect: Dialect,
    patience: Duration,
) -> Outcome {
    let mut needed = check.needs.iter();
    if let Some(missing) = needed.find(|tool| !tool.installed()) {
        return Outcome::Skipped(*missing);
    }
    let program = check.started(program);
    let mut scene = Scene::new(&program, dialect, patience);
    let result = (check.run)(&mut scene);
    match scene.conclude(result) {
        Ok(()) => Outcome::Passed(scene.transcript.text()),
        Err(failure) => match failure.kind {
            Kind::Ahead { how } => Outcome::Ahead(how),
            _ => Outcome::Failed(failure),
        },
    }
}

/// What a program speaks. `None` if it says nothing of use; a failure if it never listens.
pub fn spoken_by(program: &Program, patience: Duration) -> Attempt<Option<Dialect>> {
    let mut scene = Scene::new(program, Dialect::Echo, patience);
    scene.start()?;
    Ok(guess::spoken_to(|| scene.connect_with(Options::QUIET)))
}

/// Several at a time, as most of them wait most of the time; told in the order of the list,
/// until the listener has heard enough.
pub fn run_each(
    checks: &[&Check],
    at_once: usize,
    run: impl Fn(&Check) -> Outcome + Sync,
    mut tell: impl FnMut(&Check, Outcome) -> ControlFlow<()>,
) {
    let next = AtomicUsize::new(0);
    let (sender, done) = mpsc::channel();
    thread::scope(|scope| {
        for _ in 0..at_once {
            let (sender, next, run) = (sender.clone(), &next, &run);
            scope.spawn(move || {
                loop {
                    let number = next.fetch_add(1, Ordering::Relaxed);
                    let Some(check) = checks.get(number) else { break };
                    // Nobody listens any more.
                    if sender.send((number, run(check))).is_err() {
                        break;
                    }
                }
            });
        }
        drop(sender);
        let mut early = BTreeMap::new();
        let mut told = 0;
        for (number, outcome) in done {
            early.insert(number, outcome);
            while let Some(outcome) = early.remove(&told) {
                if tell(checks[told], outcome).is_break() {
                    return;
                }
                told += 1;
            }
        }
    });
}

#[cfg(test)]
mod tests {
    use std::sync::Barrier;

    use super::*;
    use crate::checks::all;

    #[test]
    fn checks_run_together_and_are_told_in_order() {
        let checks: Vec<&Check> = all().take(4).collect();
        let both = Barrier::new(2);
        let mut told = Vec::new();
        run_each(
            &checks,
            2,
            |check| {
                both.wait();
                Outcome::Passed(check.name.to_string())
            },
            |check, _| {
                told.push(check.name);
                ControlFlow::Continue(())
            },
        );
        assert!(told.into_iter().eq(checks.iter().map(|check| check.name)));
    }

    #[test]
    fn nothing_is_begun_for_one_who_heard_enough() {
        let checks: Vec<&Check> = all().take(10).collect();
        let mut told = 0;
        run_each(
            &checks,
            1,
            |_| Outcome::Passed(String::new()),
            |_, _| {
                told += 1;
                ControlFlow::Break(())
            },
        );
        assert_eq!(told, 1);
    }
}
