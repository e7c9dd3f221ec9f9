//! What `check` prints, put together again without a check being run: the checks that hold for
//! the step, in their order; that each passes or fails, as the matrix is pinned; the report of
//! each that fails, as that is pinned; and the words and the count of `check` itself.

use anyhow::{Context, Error, Result, bail, ensure};
use checks::arguments::Arguments;
use checks::report::pinned;
use checks::report::tally::Tally;
use checks::run::spoken_by;
use checks::step::{COLUMNS, Step};
use clap::Parser;

use super::console::shown;
use super::kept::OUTPUT;
use super::plan::Console;

const CHECK: &str = "cargo run -q --bin check -- ";

impl Console {
    pub fn runs_checks(&self) -> bool {
        self.run.iter().any(|it| it.detailed().command.starts_with(CHECK))
    }

    /// The transcript of one that runs checks. Its other commands print nothing.
    pub fn checked(&self) -> Result<String> {
        let mut transcript = String::new();
        for command in &self.run {
            let command = command.detailed();
            transcript.push_str(&shown(&command));
            let Some(line) = command.command.strip_prefix(CHECK) else { continue };
            let printed = printed(line).with_context(|| format!("`{line}`"))?;
            for line in printed.lines() {
                let line = format!("{OUTPUT}{line}");
                transcript.push_str(&format!("{}\n", line.trim_end()));
            }
        }
        Ok(transcript)
    }
}

/// What `check` prints when it is told this.
fn printed(line: &str) -> Result<String> {
    let words = ["check"].into_iter().chain(line.split_whitespace());
    let arguments = Arguments::try_parse_from(words)?;
    let step = arguments.step.context("it is for no step")?;
    let (program, mut tally) = (arguments.program(), Tally::new(step));
    let name = program.command.first().and_then(|word| word.to_str());
    let name = name.and_then(|word| word.strip_prefix("target/debug/"));
    let Some(column) = COLUMNS.iter().find(|it| Some(it.package) == name) else {
        // One of the system that ends before it is asked anything.
        return match spoken_by(&program, arguments.patience()) {
            Err(failure) => Ok(tally.give_up(&failure)),
            Ok(_) => bail!("it is a server, and none of ours"),
        };
    };
    let mut lines = Vec::new();
    for check in arguments.checks(step).map_err(Error::msg)? {
        lines.push(match pinned::mark(check, column.step).map_err(Error::msg)? {
            '✓' | '+' => tally.passed(check),
            '·' => {
                let is_before = Step(check.from - 1) == column.step;
                ensure!(is_before, "{} fails, and isn't pinned", check.name);
                tally.failed(&pinned::pinned_report(check).map_err(Error::msg)?)
            }
            mark => bail!("{} is pinned as {mark}", check.name),
        });
    }
    lines.extend(tally.conclusion());
    Ok(lines.join("\n"))
}
