//! Checks against our own programs.

use std::collections::BTreeSet;
use std::fmt::Write;
use std::io;
use std::num::NonZero;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use super::{Outcome, run};
use crate::check::Check;
use crate::checks::all;
use crate::client::dialect::Dialect;
use crate::step::Step;
use crate::subject::{self, Subject};
use crate::system::patience::{IMPATIENT, PATIENT};
use crate::system::tool::Tool;

pub struct Matrix {
    pub subjects: Vec<Subject>,
    pub rows: Vec<Row>,
}

pub struct Row {
    pub check: &'static Check,
    /// One for each step; none where the extent has no cell.
    pub outcomes: Vec<Option<Outcome>>,
}

/// Which cells are run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Extent {
    /// Each check on the step before its first, on its first, on its last and on the finished
    /// server, if it is claimed for that. However many steps there are, a check has at most
    /// these four cells.
    Edges,
    /// Every check on every step.
    Whole,
}

impl Extent {
    /// The columns in which a check is run.
    fn columns(self, check: &Check, steps: &[Step]) -> Vec<usize> {
        let mut all = 0..steps.len();
        if self == Extent::Whole {
            return all.collect();
        }
        let holds = |column: &usize| check.holds_for(steps[*column]);
        let is_step = |column: &usize| steps[*column] != Step::FINAL;
        let first = all.clone().find(holds);
        let last = all.clone().filter(is_step).rfind(holds);
        let finished = all.rfind(holds);
        let before = first.and_then(|first| first.checked_sub(1));
        let edges = BTreeSet::from_iter([before, first, last, finished]);
        edges.into_iter().flatten().collect()
    }
}

impl Matrix {
    /// Runs the cells, more of them at a time than there are cores: most of them wait. Those
    /// that are expected to fail wait longest, in vain, and have workers of their own.
    pub fn run(extent: Extent) -> io::Result<Matrix> {
        let subjects = subject::build()?;
        let steps: Vec<Step> = subjects.iter().map(|subject| subject.step).collect();
        let checks: Vec<&'static Check> = all().collect();
        let columns = subjects.len();
        let cells = checks.iter().enumerate().flat_map(|(row, check)| {
            let columns_of_row = extent.columns(check, &steps).into_iter();
            columns_of_row.map(move |column| row * columns + column)
        });
        let (hold, fail): (Vec<usize>, Vec<usize>) = cells
            .partition(|cell| checks[cell / columns].holds_for(steps[cell % columns]));
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
        let empty = |check| Row { check, outcomes: steps.iter().map(|_| None).collect() };
        let mut rows: Vec<Row> = checks.into_iter().map(empty).collect();
        for (cell, outcome) in done.into_inner().expect("no cell panics") {
            rows[cell / columns].outcomes[cell % columns] = Some(outcome);
        }
        Ok(Matrix { rows, subjects })
    }

    pub fn steps(&self) -> impl Iterator<Item = Step> {
        self.subjects.iter().map(|subject| subject.step)
    }

    /// A line for each check and a column for each step: `✓` passed where that is claimed,
    /// `+` passed although it isn't, `·` failed, `?` skipped; blank if it wasn't run.
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
                let mark = outcome.as_ref().map_or(' ', |it| row.mark(step, it));
                let _ = write!(text, "{mark:>0$}", column(step));
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
    /// The cells that were run.
    pub fn cells(&self, steps: impl Iterator<Item = Step>) -> Vec<(Step, &Outcome)> {
        let cells = steps.zip(&self.outcomes);
        cells.filter_map(|(step, outcome)| Some((step, outcome.as_ref()?))).collect()
    }

    fn mark(&self, step: Step, outcome: &Outcome) -> char {
        match outcome {
            Outcome::Passed(_) if self.check.holds_for(step) => '✓',
            Outcome::Passed(_) => '+',
            Outcome::Failed(_) | Outcome::Ahead(_) => '·',
            Outcome::Skipped(_) => '?',
        }
    }

    pub fn missing_tool(&self) -> Option<Tool> {
        self.outcomes.iter().flatten().find_map(|outcome| match outcome {
            Outcome::Skipped(tool) => Some(*tool),
            _ => None,
        })
    }

    /// The transcripts of the steps for which it is claimed, each text once.
    pub fn transcripts(&self, steps: impl Iterator<Item = Step>) -> String {
        let mut texts: Vec<(&str, Vec<Step>)> = Vec::new();
        for (step, outcome) in self.cells(steps) {
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::step::newest_step;

    #[test]
    fn a_check_is_run_where_its_claim_begins_and_ends() {
        fn passes(_: &mut crate::scene::Scene) -> crate::evidence::failure::Attempt {
            Ok(())
        }
        let newest = *newest_step();
        let steps: Vec<Step> = (1..=newest).map(Step).chain([Step::FINAL]).collect();
        let last = Step::FINAL.0;
        for (check, edges) in [
            (Check::new(3, "", "", passes), vec![2, 3, newest, last]),
            (Check::new(3, "", "", passes).until(5), vec![2, 3, 5]),
            (Check::new(3, "", "", passes).fault(), vec![2, 3]),
            (Check::new(1, "", "", passes), vec![1, newest, last]),
            (Check::new(newest, "", "", passes), vec![newest - 1, newest, last]),
            (Check::new(last, "", "", passes), vec![newest, last]),
        ] {
            let columns = Extent::Edges.columns(&check, &steps);
            let run: Vec<u8> = columns.into_iter().map(|column| *steps[column]).collect();
            assert_eq!(run, edges);
        }
    }
}
