//! `check 4 -- ./mine` runs step 4's checks on any program.

use std::ffi::OsString;
use std::fmt::Display;
use std::io::{self, Write};
use std::num::NonZero;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::thread;
use std::time::Duration;

use checks::check::{Check, Step};
use checks::checks::{all, named};
use checks::dialect::Dialect;
use checks::failure::{Failure, Kind};
use checks::hostile::command::{self, Seeds};
use checks::report;
use checks::run::{Outcome, run, run_each};
use checks::server::Program;
use checks::subject::FILES;
use clap::{CommandFactory, Parser, error::ErrorKind};

/// Runs the checks of one step on any program that takes ADDR:PORT as its last argument.
#[derive(Parser)]
#[command(name = "check", override_usage = USAGE, after_help = EXIT_CODES)]
struct Arguments {
    /// List the checks, all or a step's: for which steps they hold, their names and what they
    /// claim.
    #[arg(long)]
    list: bool,
    /// The step's number, or `final`.
    step: Option<Step>,
    /// Only the check with this name.
    name: Option<String>,
    /// How many seconds the server may take for the next byte of an answer.
    #[arg(long, default_value_t = 5, value_parser = clap::value_parser!(u64).range(1..))]
    patience: u64,
    /// How many checks run at a time: two for each core, if nothing is said.
    #[arg(long, short)]
    jobs: Option<NonZero<usize>>,
    /// The folder that the program serves: some checks put files there.
    #[arg(long, value_name = "DIR")]
    folder: Option<PathBuf>,
    /// Not the checks, but a run under the hostile kernel: clients and faults as this seed has
    /// them.
    #[arg(long, conflicts_with_all = ["name", "seeds"])]
    seed: Option<u64>,
    /// The same with many seeds: so many, or those of A..B.
    #[arg(long, value_name = "COUNT|A..B", conflicts_with = "name")]
    seeds: Option<Seeds>,
    /// The program and its arguments; the address is added.
    #[arg(last = true)]
    command: Vec<OsString>,
}

const USAGE: &str = "check STEP [NAME] -- COMMAND...\n       \
    check STEP --seed N -- COMMAND...\n       check --list [STEP]";

const EXIT_CODES: &str = "Exit codes:
  0  No check failed: each passed, was skipped for want of a tool, or found the program ahead
     of its step, as a fault of the step is mended in it already.
  1  A check failed, or the program didn't start or didn't listen on its address.
  2  The arguments make no sense.";

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    if arguments.list {
        let _ = list(arguments.step);
        return ExitCode::SUCCESS;
    }
    let Some(step) = arguments.step else {
        wrong_usage("which step?");
    };
    if arguments.command.is_empty() {
        wrong_usage("which program? Its command comes after --");
    }
    let mut checks: Vec<&Check> = all().filter(|check| check.holds_for(step)).collect();
    if let Some(name) = &arguments.name {
        let Some(check) = named(name) else {
            wrong_usage(&format!("there is no check {name}; see check --list"));
        };
        if !check.holds_for(step) {
            wrong_usage(&format!("{name} is for {}, not {step}", check.steps()));
        }
        checks = vec![check];
    }
    let patience = Duration::from_secs(arguments.patience);
    let folder = arguments.folder;
    if let Some(fault) = fault_of_folder(step, folder.as_deref()) {
        wrong_usage(&fault);
    }
    let program = Program { folder, ..Program::new(arguments.command) };
    let seed = arguments.seed.map(|seed| Seeds(seed..seed + 1));
    if let Some(seeds) = seed.or(arguments.seeds) {
        return command::run(step, &program, seeds);
    }
    let cores = thread::available_parallelism().map_or(1, NonZero::get);
    let jobs = arguments.jobs.map_or(2 * cores, NonZero::get);
    let mut tally = Tally::new(step);
    let dialect = match Dialect::spoken_by(&program, patience) {
        Ok(spoken) => spoken.unwrap_or(Dialect::of(step)),
        Err(failure) => {
            let _ = tally.give_up(&failure);
            return tally.conclude();
        }
    };
    run_each(
        &checks,
        jobs,
        |check| run(check, &program, dialect, patience),
        |check, outcome| tally.add(check, &program, outcome),
    );
    tally.conclude()
}

fn wrong_usage(message: &str) -> ! {
    let mut command = Arguments::command();
    command.error(ErrorKind::ValueValidation, message).exit()
}

/// Where a folder is served, checks look for its page, and put files of their own there.
fn fault_of_folder(step: Step, folder: Option<&Path>) -> Option<String> {
    match folder {
        None if step < FILES => None,
        None => Some(format!("step {step} serves a folder: which? --folder DIR")),
        Some(folder) if folder.join("index.html").is_file() => None,
        Some(folder) => Some(format!("{} has no index.html", folder.display())),
    }
}

fn list(step: Option<Step>) -> ControlFlow<()> {
    for check in all().filter(|check| step.is_none_or(|step| check.holds_for(step))) {
        say(format!("{:>4}  {}\n      {}", check.steps(), check.name, check.claim))?;
    }
    ControlFlow::Continue(())
}

struct Tally {
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
    fn new(step: Step) -> Tally {
        let (passed, ahead, failed, skipped) = (0, 0, 0, 0);
        let (last_death, did_not_start) = (None, false);
        Tally { step, passed, ahead, failed, skipped, last_death, did_not_start }
    }

    fn add(
        &mut self,
        check: &Check,
        program: &Program,
        outcome: Outcome,
    ) -> ControlFlow<()> {
        match outcome {
            Outcome::Passed(_) => {
                self.passed += 1;
                say(format!("✓ {}", check.name))
            }
            Outcome::Skipped(tool) => {
                self.skipped += 1;
                say(format!("- {}: skipped, it needs {tool}", check.name))
            }
            Outcome::Ahead(how) => {
                self.ahead += 1;
                say(report::ahead(check, &how))
            }
            Outcome::Failed(failure) if failure.before_the_check() => {
                self.give_up(&failure)
            }
            Outcome::Failed(mut failure) => {
                self.failed += 1;
                forget_if_repeated(&mut failure, &mut self.last_death);
                say(format!("\n{}", report::failed(check, &failure, program)))
            }
        }
    }

    fn give_up(&mut self, failure: &Failure) -> ControlFlow<()> {
        self.did_not_start = true;
        say(report::did_not_start(failure).trim_end())?;
        ControlFlow::Break(())
    }

    fn conclude(&self) -> ExitCode {
        if self.did_not_start {
            return ExitCode::FAILURE;
        }
        let Tally { step, passed, ahead, failed, skipped, .. } = self;
        let mut text = format!("Step {step}: {passed} passed, ");
        if *ahead > 0 {
            text.push_str(&format!("{ahead} ahead, "));
        }
        text.push_str(&format!("{failed} failed"));
        if *skipped > 0 {
            text.push_str(&format!(", {skipped} skipped"));
        }
        match (say(text), failed) {
            (ControlFlow::Continue(()), 0) => ExitCode::SUCCESS,
            _ => ExitCode::FAILURE,
        }
    }
}

/// A line on stdout. Who reads it may have seen enough, as `head` has.
fn say(line: impl Display) -> ControlFlow<()> {
    match writeln!(io::stdout(), "{line}") {
        Ok(()) => ControlFlow::Continue(()),
        Err(_) => ControlFlow::Break(()),
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
