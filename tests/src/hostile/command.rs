//! `check STEP --seed N -- ./mine`.

use std::io::{self, Write};
use std::ops::Range;
use std::process::ExitCode;
use std::str::FromStr;

use super::trial::{Ending, Trial, Verdict};
use crate::kernel::Library;
use crate::server::Program;
use crate::step::Step;

/// Which seeds: `7` of them, or those from `100..200`.
#[derive(Clone, Debug, PartialEq)]
pub struct Seeds(pub Range<u64>);

impl FromStr for Seeds {
    type Err = String;

    fn from_str(text: &str) -> Result<Seeds, String> {
        let number = |text: &str| text.parse().ok();
        let range = match text.split_once("..") {
            None => number(text).map(|count| 0..count),
            Some((from, to)) => number(from).zip(number(to)).map(|(from, to)| from..to),
        };
        let range = range.filter(|range| !range.is_empty());
        range.map(Seeds).ok_or_else(|| "write it as 50 or as 100..150".to_string())
    }
}

/// Runs the seeds one by one; the failures go to stdout, and how many there were.
pub fn run(step: Step, program: &Program, seeds: Seeds) -> ExitCode {
    match try_all(step, program, seeds) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("check: the hostile kernel can't be used: {error}");
            ExitCode::FAILURE
        }
    }
}

fn try_all(step: Step, program: &Program, Seeds(seeds): Seeds) -> io::Result<bool> {
    let library = Library::build()?;
    let trial = Trial::new(&library, program, step)?;
    let mut out = io::stdout();
    let (mut passed, mut failed) = (0, 0);
    let is_alone = seeds.end - seeds.start == 1;
    for seed in seeds {
        match trial.run(seed)? {
            Verdict::Passed(account) => {
                passed += 1;
                if is_alone {
                    let bytes: usize =
                        account.clients.iter().map(|it| it.received.0.len()).sum();
                    writeln!(
                        out,
                        "✓ seed {seed}: {} clients got the {bytes} bytes they were owed, \
                         in {} calls, in spite of {} faults",
                        account.clients.len(),
                        account.calls,
                        account.injected.len()
                    )?;
                }
            }
            Verdict::Failed(complaint, ending) => {
                failed += 1;
                writeln!(out, "{}", trial.words(seed, &complaint, &ending))?;
            }
            Verdict::Elsewhere(ending) => {
                writeln!(out, "{}", elsewhere(&ending))?;
                return Ok(false);
            }
        }
    }
    let noun = if passed == 1 { "seed" } else { "seeds" };
    writeln!(out, "Step {step}: {passed} {noun} passed, {failed} failed")?;
    Ok(failed == 0)
}

fn elsewhere(ending: &Ending) -> String {
    let what = match ending.stopped {
        Some(_) => "It listens at the real kernel.".to_string(),
        None => format!("It ended: {}.", ending.status),
    };
    let mut text = format!(
        "The program never asked the hostile kernel for a socket. {what}\n\
         --seed needs a program that is linked with libc at run time and makes its calls \
         through it; one that is linked statically, or written in Go, has only the checks."
    );
    for line in ending.stderr.lines().take(20) {
        text.push_str(&format!("\n    {line}"));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn seeds_are_a_count_or_a_range() {
        assert_eq!("50".parse(), Ok(Seeds(0..50)));
        assert_eq!("100..150".parse(), Ok(Seeds(100..150)));
        for wrong in ["", "0", "5..5", "6..5", "-1", "1..", "x"] {
            assert!(wrong.parse::<Seeds>().is_err(), "{wrong}");
        }
    }
}
