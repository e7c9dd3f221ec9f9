//! What `check` is told on its command line.

use std::ffi::OsString;
use std::num::NonZero;
use std::path::PathBuf;
use std::time::Duration;

use clap::Parser;

use crate::check::Check;
use crate::checks::{all, named};
use crate::hostile::command::Seeds;
use crate::server::Program;
use crate::step::Step;
use crate::system::patience::USUAL;

/// Runs the checks of one step on any program that takes ADDR:PORT as its last argument.
#[derive(Parser)]
#[command(name = "check", override_usage = USAGE, after_help = EXIT_CODES)]
pub struct Arguments {
    /// List the checks, all or a step's: for which steps they hold, their names and what they
    /// claim.
    #[arg(long)]
    pub list: bool,
    /// The step's number, or `final`.
    pub step: Option<Step>,
    /// Only the check with this name.
    pub name: Option<String>,
    /// How many seconds the server may take for the next byte of an answer.
    #[arg(
        long,
        default_value_t = USUAL.as_secs(),
        value_parser = clap::value_parser!(u64).range(1..)
    )]
    pub patience: u64,
    /// How many checks run at a time: two for each core, if nothing is said.
    #[arg(long, short)]
    pub jobs: Option<NonZero<usize>>,
    /// The folder that the program serves: some checks put files there.
    #[arg(long, value_name = "DIR")]
    pub folder: Option<PathBuf>,
    /// Not the checks, but a run under the hostile kernel: clients and faults as this seed has
    /// them.
    #[arg(long, conflicts_with_all = ["name", "seeds"])]
    pub seed: Option<u64>,
    /// The same with many seeds: so many, or those of A..B.
    #[arg(long, value_name = "COUNT|A..B", conflicts_with = "name")]
    pub seeds: Option<Seeds>,
    /// The program and its arguments; the address is added. The word {patience} among them
    /// becomes the number of seconds after which the server is to let a stalled client go: 300,
    /// or 1 for a check that waits for that. A command without the word is run as it is.
    #[arg(last = true)]
    pub command: Vec<OsString>,
}

const USAGE: &str = "check STEP [NAME] -- COMMAND...\n       \
    check STEP --seed N -- COMMAND...\n       check --list [STEP]";

const EXIT_CODES: &str = "Exit codes:
  0  No check failed: each passed, was skipped for want of a tool, or found the program ahead
     of its step, as a fault of the step is mended in it already.
  1  A check failed, or the program didn't start or didn't listen on its address.
  2  The arguments make no sense.";

impl Arguments {
    /// The checks that are run for this step, in the order in which they are told; or what is
    /// wrong with the name of the one that is wanted.
    pub fn checks(&self, step: Step) -> Result<Vec<&'static Check>, String> {
        let Some(name) = &self.name else {
            return Ok(all().filter(|check| check.holds_for(step)).collect());
        };
        let check = named(name);
        let check =
            check.ok_or_else(|| format!("there is no check {name}; see check --list"))?;
        match check.holds_for(step) {
            true => Ok(vec![check]),
            false => Err(format!("{name} is for {}, not {step}", check.steps())),
        }
    }

    pub fn patience(&self) -> Duration {
        Duration::from_secs(self.patience)
    }

    pub fn program(&self) -> Program {
        Program { folder: self.folder.clone(), ..Program::new(&self.command) }
    }
}
