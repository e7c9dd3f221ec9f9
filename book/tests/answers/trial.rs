//! An answer's claims against what happens.

use std::collections::BTreeMap;
use std::num::NonZero;
use std::path::Path;
use std::process::Command;
use std::sync::Mutex;
use std::thread;

use book::answers::{Answer, Answers};
use checks::check::Check;
use checks::checks::all;
use checks::client::dialect::Dialect;
use checks::report;
use checks::run::{Outcome, run};
use checks::server::Program;
use checks::step::Step;
use checks::subject;
use checks::system::patience::{IMPATIENT, PATIENT};
use checks::system::tool::left_out;

use super::own;
use crate::workshop::{Built, Texts, Workshop};

const PAGE: &str = "<!doctype html>\n<title>Lander</title>\n<h1>Hello</h1>\n";

/// A check of an answer's program, and whether it is to pass.
struct Cell<'a> {
    answer: &'a Answer,
    program: &'a Path,
    check: &'static Check,
    step: Step,
    passes: bool,
}

/// What is not as claimed, each with the answer and its exercise.
pub fn faults(answers: &Answers) -> Vec<String> {
    let mut all = build(answers);
    let built: Vec<Built> = answers
        .iter()
        .map(|answer| all.remove(&answer.name).unwrap_or_default())
        .collect();
    let mut faults = Vec::new();
    let mut cells = Vec::new();
    for (answer, built) in answers.iter().zip(&built) {
        let mut found = made(answer, built);
        if let Some(program) = &built.program {
            match self::cells(answer, program) {
                Ok(more) => cells.extend(more),
                Err(fault) => found.push(fault),
            }
        }
        faults.extend(
            found.into_iter().map(|fault| format!("{}: {fault}", answer.place())),
        );
    }
    faults.extend(tried(cells));
    faults
}

fn build(answers: &Answers) -> BTreeMap<String, Built> {
    let crates = answers.iter().map(|answer| (answer.name.clone(), texts(answer)));
    let workshop = Workshop::new("answers", &crates.collect());
    let mut built = workshop.cargo(&["build", "--keep-going"], &[]);
    let tested = answers.iter().filter(|answer| answer.claim.tests.is_some());
    let tested: Vec<&str> = tested.map(|answer| answer.name.as_str()).collect();
    if !tested.is_empty() {
        for (name, mut tests) in workshop.cargo(&["test", "--no-run"], &tested) {
            let built = built.entry(name).or_default();
            built.tests = tests.tests;
            built.errors.append(&mut tests.errors);
        }
    }
    built
}

fn texts(answer: &Answer) -> Texts {
    let files = answer.step.files.iter();
    files.map(|(file, source)| (file.clone(), source.text.clone())).collect()
}

/// What the compiler and the crate's own tests say otherwise.
fn made(answer: &Answer, built: &Built) -> Vec<String> {
    let mut faults = Vec::new();
    if built.program.is_none() || !built.errors.is_empty() {
        faults.push(format!("it doesn't compile:\n{}", built.errors.concat()));
    } else if !are_of(&built.warnings, &answer.claim.warns) {
        faults.push(format!("the compiler's warnings are {:#?}", built.warnings));
    }
    match (answer.claim.tests, &built.tests) {
        (None, _) => {}
        (Some(_), None) => faults.push("its own tests don't compile".into()),
        (Some(expected), Some(tests)) => {
            let output = Command::new(tests).output().unwrap();
            if output.status.success() != expected {
                let said = String::from_utf8_lossy(&output.stdout);
                let what = if expected { "fail" } else { "pass" };
                faults.push(format!("its own tests {what}:\n{said}"));
            }
        }
    }
    faults
}

fn are_of(warnings: &[String], names: &[String]) -> bool {
    let is_of =
        |(warning, name): (&String, &String)| warning.contains(&format!("`{name}`"));
    warnings.len() == names.len() && warnings.iter().zip(names).all(is_of)
}

fn cells<'a>(answer: &'a Answer, program: &'a Path) -> Result<Vec<Cell<'a>>, String> {
    let claim = &answer.claim;
    let number = answer.of.split('-').next().and_then(|number| number.parse().ok());
    let own = Step(number.expect("a step's number"));
    let step = claim.checks.map_or(own, Step);
    let cell = |check, passes, step| Cell { answer, program, check, step, passes };
    let mut cells = Vec::new();
    if claim.checks.is_some() {
        for check in all().filter(|check| check.holds_for(step)) {
            cells.push(cell(check, !claim.is_to_fail(check.name), step));
        }
    }
    for (names, passes) in [(claim.failing(), false), (&claim.passes, true)] {
        for name in names {
            let check =
                own::named(name).ok_or_else(|| format!("there is no check {name}"))?;
            let is_own = checks::checks::named(name).is_none();
            let step = if passes || is_own { own } else { step };
            if !is_own && !check.holds_for(step) {
                return Err(format!("{name} isn't a check of step {step}"));
            }
            if !cells.iter().any(|cell| cell.check.name == *name) {
                cells.push(cell(check, passes, step));
            }
        }
    }
    match cells.is_empty() && claim.tests.is_none() {
        true => Err("its table claims nothing".into()),
        false => Ok(cells),
    }
}

/// Runs them, four times as many at a time as there are cores: most of them wait.
fn tried(cells: Vec<Cell>) -> Vec<String> {
    let cores = thread::available_parallelism().map_or(1, NonZero::get);
    // Those that are to fail take longest.
    let mut cells = cells;
    cells.sort_by_key(|cell| cell.passes);
    let cells = Mutex::new(cells.into_iter());
    let faults = Mutex::new(Vec::new());
    thread::scope(|scope| {
        for _ in 0..4 * cores {
            scope.spawn(|| {
                loop {
                    let next = cells.lock().unwrap().next();
                    let Some(cell) = next else {
                        return;
                    };
                    if let Some(fault) = cell.fault() {
                        faults.lock().unwrap().push(fault);
                    }
                }
            });
        }
    });
    faults.into_inner().unwrap()
}

impl Cell<'_> {
    fn fault(&self) -> Option<String> {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("index.html"), PAGE).unwrap();
        let mut program = Program::new([self.program]).serving(folder.path());
        program.command.extend(subject::arguments(self.step, folder.path()));
        let patience = if self.passes { PATIENT } else { IMPATIENT };
        let outcome = run(self.check, &program, Dialect::of(self.step), patience);
        let place = self.answer.place();
        match &outcome {
            Outcome::Failed(failure) if self.passes => {
                let text = report::failed(self.check, failure, &program);
                Some(format!("{place}: it is to pass, and doesn't:\n{text}"))
            }
            Outcome::Ahead(how) if self.passes => {
                let text = report::ahead(self.check, how);
                Some(format!("{place}: it is to pass, and doesn't:\n{text}"))
            }
            Outcome::Passed(_) if !self.passes => {
                Some(format!("{place}: {} is to fail, and passes", self.check.name))
            }
            Outcome::Failed(_) if !self.passes && !outcome.failed_when_asked() => {
                Some(format!("{place}: {} doesn't get to ask it", self.check.name))
            }
            Outcome::Skipped(tool) => {
                left_out(format!("{place}: {}", self.check.name), *tool);
                None
            }
            _ => None,
        }
    }
}
