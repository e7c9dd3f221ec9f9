//! Every check against every one of our programs.

use std::fmt::Write;
use std::io;
use std::num::NonZero;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use crate::check::{Check, Step};
use crate::checks::all;
use crate::dialect::Dialect;
use crate::patience::{IMPATIENT, PATIENT};
use crate::run::{Outcome, run};
use crate::subject::{self, Subject};
use crate::tool::Tool;

pub struct Matrix {
    pub subjects: Vec<Subject>,
    pub rows: Vec<Row>,
}

pub struct Row {
    pub check: &'static Check,
    /// One for each step.
    pub outcomes: Vec<Outcome>,
}

impl Matrix {
    /// Runs all cells, more of them at a time than there are cores: most of them wait. Those
    /// that are expected to fail wait longest, in vain, and have workers of their own.
    pub fn run() -> io::Result<Matrix> {
        let subjects = subject::build()?;
        let checks: Vec<&'static Check> = all().collect();
        let columns = subjects.len();
        let (hold, fail): (Vec<usize>, Vec<usize>) = (0..checks.len() * columns)
            .partition(|cell| {
                checks[cell / columns].holds_for(subjects[cell % columns].step)
            });
        let cores = thread::available_parallelism().map_or(1, NonZero::get);
        let done: Mutex<Vec<(usize, Outcome)>> = Mutex::new(Vec::new());
        let work = |cells: &[usize], next: &AtomicUsize| {
            while let Some(&cell) = cells.get(next.fetch_add(1, Ordering::Relaxed)) {
                let outcome = outcome(checks[cell / columns], &subjects[cell % columns]);
                done.lock().expect("no cell panics").push((cell, outcome));
            }
        };
        let (next_hold, next_fail) = (AtomicUsize::new(0), AtomicUsize::new(0));
        thread::scope(|scope| {
            for _ in 0..3 * cores {
                scope.spawn(|| work(&hold, &next_hold));
            }
            for _ in 0..4 * cores {
                scope.spawn(|| work(&fail, &next_fail));
            }
        });
        let mut done = done.into_inner().expect("no cell panics");
        done.sort_by_key(|(cell, _)| *cell);
        let mut outcomes = done.into_iter().map(|(_, outcome)| outcome);
        let rows = checks.into_iter().map(|check| Row {
            check,
            outcomes: outcomes.by_ref().take(columns).collect(),
        });
        Ok(Matrix { rows: rows.collect(), subjects })
    }

    pub fn steps(&self) -> impl Iterator<Item = Step> {
        self.subjects.iter().map(|subject| subject.step)
    }

    /// A line for each check and a column for each step: `✓` passed where that is claimed,
    /// `+` passed although it isn't, `·` failed, `?` skipped.
    pub fn table(&self) -> String {
        let names = self.rows.iter().map(|row| row.check.name.len());
        let width = names.max().unwrap_or(0);
        let mut text = " ".repeat(width);
        for step in self.steps() {
            let _ = write!(text, " {step:>2}");
        }
        text.push('\n');
        for row in &self.rows {
            let _ = write!(text, "{:<width$}", row.check.name);
            for (step, outcome) in self.steps().zip(&row.outcomes) {
                let _ = write!(text, "{:>1$}", row.mark(step, outcome), column(step));
            }
            text.push('\n');
        }
        text
    }
}

/// A final column is wider than the numbers' ones.
fn column(step: Step) -> usize {
    step.to_string().len().max(2) + 1
}

fn outcome(check: &Check, subject: &Subject) -> Outcome {
    let patience = match check.holds_for(subject.step) {
        true => PATIENT,
        false => IMPATIENT,
    };
    run(check, &subject.program, Dialect::of(subject.step), patience)
}

impl Row {
    fn mark(&self, step: Step, outcome: &Outcome) -> char {
        match outcome {
            Outcome::Passed(_) if self.check.holds_for(step) => '✓',
            Outcome::Passed(_) => '+',
            Outcome::Failed(_) | Outcome::Ahead(_) => '·',
            Outcome::Skipped(_) => '?',
        }
    }

    pub fn missing_tool(&self) -> Option<Tool> {
        self.outcomes.iter().find_map(|outcome| match outcome {
            Outcome::Skipped(tool) => Some(*tool),
            _ => None,
        })
    }

    /// The transcripts of the steps for which it is claimed, each text once.
    pub fn transcripts(&self, steps: impl Iterator<Item = Step>) -> String {
        let mut texts: Vec<(&str, Vec<Step>)> = Vec::new();
        for (step, outcome) in steps.zip(&self.outcomes) {
            let Outcome::Passed(text) = outcome else {
                continue;
            };
            if !self.check.holds_for(step) {
                continue;
            }
            match texts.iter_mut().find(|(known, _)| known == text) {
                Some((_, steps)) => steps.push(step),
                None => texts.push((text, vec![step])),
            }
        }
        let mut all = format!("{}\n", self.check.claim);
        for (text, steps) in texts {
            let names: Vec<String> = steps.iter().map(Step::to_string).collect();
            let noun = if steps.len() == 1 { "step" } else { "steps" };
            let _ = write!(all, "\n== {noun} {}\n{text}", names.join(", "));
        }
        all
    }
}
