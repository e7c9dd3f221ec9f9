//! Whether anything notices a mutant.

use std::ffi::OsString;
use std::fmt;
use std::io;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use super::Workshop;
use super::supervised::{Ending, run};
use crate::subject::{self, AS_THE_STEPS};

/// How many times as long as without a change the tests and the checks may take.
const TIMES: u32 = 10;
/// What they may always take.
const LEAST: Duration = Duration::from_secs(120);
/// How long a build may take.
const BUILD: Duration = Duration::from_secs(1800);
/// How many KiB of address space tests, and a server under test, have: a mutant may want all.
const MEMORY: &str = "4194304";
/// How many seeds of the hostile kernel a mutant meets.
const SEEDS: &str = "24";
/// Runs the command that follows within [`MEMORY`].
const WITHIN: [&str; 3] = ["sh", "-c", r#"ulimit -v "$0" && exec "$@""#];

/// What came of a mutant.
pub enum Verdict {
    /// It isn't Rust, or not for this program.
    DoesNotBuild,
    /// The name of the test, in words.
    Caught(String),
    /// With what failed once and held in the second try, if anything did.
    Missed { doubtful: Vec<String> },
}

impl fmt::Display for Verdict {
    fn fmt(&self, out: &mut fmt::Formatter) -> fmt::Result {
        match self {
            Verdict::DoesNotBuild => out.write_str("doesn't build"),
            Verdict::Caught(by) => write!(out, "caught by {by}"),
            Verdict::Missed { doubtful } if doubtful.is_empty() => {
                out.write_str("MISSED")
            }
            Verdict::Missed { doubtful } => {
                write!(out, "MISSED ({} failed once, then held)", doubtful.join(", "))
            }
        }
    }
}

/// Judges by the tests of the crate first, by `check final` if those pass, and then by the hostile
/// kernel.
pub struct Judge<'a> {
    workshop: &'a Workshop,
    /// The program `check`.
    check: PathBuf,
    test_limit: Duration,
    check_limit: Duration,
}

impl<'a> Judge<'a> {
    /// Judges the source without a change, which must pass, and takes its time for a measure.
    pub fn new(workshop: &'a Workshop, check: PathBuf) -> io::Result<Judge<'a>> {
        let (test_limit, check_limit) = (BUILD, BUILD);
        let mut judge = Judge { workshop, check, test_limit, check_limit };
        if !judge.builds()? {
            return Err(io::Error::other("final doesn't build"));
        }
        let failed = |by| Err(io::Error::other(format!("final itself fails: {by}")));
        let start = Instant::now();
        if let Some(by) = judge.tests()? {
            return failed(by);
        }
        judge.test_limit = LEAST.max(TIMES * start.elapsed());
        let start = Instant::now();
        if let (Some(by), _) = judge.checks()? {
            return failed(by);
        }
        if let Some(by) = judge.seeds()? {
            return failed(by);
        }
        judge.check_limit = LEAST.max(TIMES * start.elapsed());
        Ok(judge)
    }

    /// How long tests and checks may take before that counts as a hang.
    pub fn limits(&self) -> [Duration; 2] {
        [self.test_limit, self.check_limit]
    }

    /// Judges what is in the workshop.
    pub fn judge(&self) -> io::Result<Verdict> {
        if !self.builds()? {
            return Ok(Verdict::DoesNotBuild);
        }
        if let Some(by) = self.tests()? {
            return Ok(Verdict::Caught(by));
        }
        let (by, doubtful) = self.checks()?;
        Ok(match by.map_or_else(|| self.seeds(), |by| Ok(Some(by)))? {
            Some(by) => Verdict::Caught(by),
            None => Verdict::Missed { doubtful },
        })
    }

    fn builds(&self) -> io::Result<bool> {
        let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
        let mut command = self.in_workshop(cargo);
        command.args(["test", "--package", "final", "--tests", "--no-run"]);
        match run::<()>(&mut command, BUILD, |_| ControlFlow::Continue(()))? {
            Ending::Exit(status) => Ok(status.success()),
            _ => Err(io::Error::other("the build takes too long")),
        }
    }

    /// The test that fails first.
    fn tests(&self) -> io::Result<Option<String>> {
        let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
        let mut command = self.in_workshop(WITHIN[0]);
        command.args(&WITHIN[1..]).arg(MEMORY).arg(cargo);
        command.args(["test", "--package", "final", "--tests"]);
        let ending = run(&mut command, self.test_limit, |line| {
            match line.strip_prefix("test ").and_then(|it| it.strip_suffix(" ... FAILED"))
            {
                Some(name) => ControlFlow::Break(format!("the test {name}")),
                None => ControlFlow::Continue(()),
            }
        })?;
        Ok(match ending {
            Ending::Exit(status) if status.success() => None,
            Ending::Exit(_) => Some("the tests, which end early".to_string()),
            Ending::Enough(by) => Some(by),
            Ending::TooLong => Some("the tests, which don't end".to_string()),
        })
    }

    /// The check that fails first, and once more when it runs alone: on a busy machine one may
    /// fail for reasons of its own. Those that hold the second time come second.
    fn checks(&self) -> io::Result<(Option<String>, Vec<String>)> {
        let site = subject::site()?;
        let site = site.path();
        let mut doubtful = Vec::new();
        let mut fault = Ok(());
        let ending = run(&mut self.check(site, &[]), self.check_limit, |line| {
            let Some(name) = line.strip_prefix("✗ ") else {
                return ControlFlow::Continue(());
            };
            match self.fails(site, Some(name)) {
                Ok(true) => return ControlFlow::Break(format!("the check {name}")),
                Ok(false) => doubtful.push(name.to_string()),
                Err(error) => fault = Err(error),
            }
            ControlFlow::Continue(())
        })?;
        fault?;
        let by = match ending {
            Ending::Exit(status) if status.success() || !doubtful.is_empty() => None,
            // No check has a part in it: the program doesn't even start.
            Ending::Exit(_) if self.fails(site, None)? => {
                Some("check, as it doesn't start".into())
            }
            Ending::Exit(_) => {
                doubtful.push("its start".to_string());
                None
            }
            Ending::Enough(by) => Some(by),
            Ending::TooLong => Some("check, which doesn't end".to_string()),
        };
        Ok((by, doubtful))
    }

    /// Says so if one of the first seeds of the hostile kernel fails. They depend on nothing but the
    /// program, so one failure is enough.
    fn seeds(&self) -> io::Result<Option<String>> {
        let site = subject::site()?;
        let mut check = self.check(site.path(), &["--seeds", SEEDS]);
        let ending =
            run::<()>(&mut check, self.check_limit, |_| ControlFlow::Continue(()))?;
        let passed = matches!(ending, Ending::Exit(status) if status.success());
        Ok((!passed).then(|| "the hostile kernel".into()))
    }

    fn fails(&self, site: &Path, name: Option<&str>) -> io::Result<bool> {
        let mut check = self.check(site, name.as_slice());
        let ending =
            run::<()>(&mut check, self.check_limit, |_| ControlFlow::Continue(()))?;
        Ok(!matches!(ending, Ending::Exit(status) if status.success()))
    }

    fn check(&self, site: &Path, wishes: &[&str]) -> Command {
        let mut command = Command::new(&self.check);
        command.arg("final").args(wishes).arg("--folder").arg(site).arg("--");
        command.args(WITHIN).arg(MEMORY).arg(self.workshop.program());
        command.arg(site).args(AS_THE_STEPS).arg("--listen");
        command
    }

    /// Without debug information, which takes half of the time to build.
    fn in_workshop(&self, program: impl Into<OsString>) -> Command {
        let mut command = Command::new(program.into());
        command.current_dir(self.workshop.root());
        command.env("CARGO_PROFILE_DEV_DEBUG", "false").env_remove("CARGO_TARGET_DIR");
        command
    }
}
