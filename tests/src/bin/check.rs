//! `check 4 -- ./mine` runs step 4's checks on any program.

use std::fmt::Display;
use std::io::{self, Write};
use std::num::NonZero;
use std::ops::ControlFlow;
use std::path::Path;
use std::process::ExitCode;
use std::thread;

use checks::arguments::Arguments;
use checks::checks::all;
use checks::client::dialect::Dialect;
use checks::hostile::command::{self, Seeds};
use checks::report::tally::Tally;
use checks::run::{run, run_each, spoken_by};
use checks::step::{FILES, Step};
use clap::{CommandFactory, Parser, error::ErrorKind};

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
    let checks = arguments.checks(step).unwrap_or_else(|fault| wrong_usage(&fault));
    if let Some(fault) = fault_of_folder(step, arguments.folder.as_deref()) {
        wrong_usage(&fault);
    }
    let (program, patience) = (arguments.program(), arguments.patience());
    let seed = arguments.seed.map(|seed| Seeds(seed..seed + 1));
    if let Some(seeds) = seed.or(arguments.seeds) {
        return command::run(step, &program, seeds);
    }
    let cores = thread::available_parallelism().map_or(1, NonZero::get);
    let jobs = arguments.jobs.map_or(2 * cores, NonZero::get);
    let mut tally = Tally::new(step);
    let dialect = match spoken_by(&program, patience) {
        Ok(spoken) => spoken.unwrap_or(Dialect::of(step)),
        Err(failure) => {
            let _ = say(tally.give_up(&failure));
            return ExitCode::FAILURE;
        }
    };
    run_each(
        &checks,
        jobs,
        |check| run(check, &program, dialect, patience),
        |check, outcome| {
            say(tally.add(check, &program, outcome))?;
            match tally.has_given_up() {
                true => ControlFlow::Break(()),
                false => ControlFlow::Continue(()),
            }
        },
    );
    let heard = tally.conclusion().map_or(ControlFlow::Continue(()), say);
    match heard.is_continue() && tally.is_good() {
        true => ExitCode::SUCCESS,
        false => ExitCode::FAILURE,
    }
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

/// A line on stdout. Who reads it may have seen enough, as `head` has.
fn say(line: impl Display) -> ControlFlow<()> {
    match writeln!(io::stdout(), "{line}") {
        Ok(()) => ControlFlow::Continue(()),
        Err(_) => ControlFlow::Break(()),
    }
}
