//! A run of a program under the hostile kernel.

use std::fs::{self, File};
use std::io;
use std::os::unix::process::CommandExt;
use std::process::{Command, ExitStatus, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use recording::Orders;
use recording::hostile::{Account, Fault, Hostility, Script};
use tempfile::TempDir;

use super::files::Served;
use super::judge::{Complaint, judge};
use super::plan::Plan;
use crate::check::Step;
use crate::group::Group;
use crate::kernel::Library;
use crate::server::Program;

/// Where a program believes that it listens.
const ADDRESS: &str = "127.0.0.1:8080";
/// For a program that makes no call, on a machine with much else to do.
const PATIENCE: Duration = Duration::from_secs(120);

pub struct Trial<'a> {
    pub library: &'a Library,
    pub program: &'a Program,
    pub step: Step,
    /// Faults that aren't made.
    pub without: &'a [Fault],
    pub served: Option<&'a Served>,
}

#[derive(Clone, Copy, Debug)]
pub struct How {
    pub seed: u64,
    /// Without faults nothing is left to chance.
    pub faults: bool,
    /// Whether the last calls are told with where they were made.
    pub traced: bool,
}

/// How a program's run ended.
#[derive(Debug)]
pub struct Ending {
    pub status: ExitStatus,
    pub stderr: String,
    /// None if it never asked this kernel for a socket.
    pub account: Option<Account>,
}

#[derive(Debug)]
pub enum Verdict {
    Passed(Account),
    Failed(Complaint, Ending),
    /// Not one call came to the kernel.
    Elsewhere(Ending),
}

impl Trial<'_> {
    pub fn run(&self, seed: u64) -> io::Result<Verdict> {
        let plan = Plan::draw(self.step, seed, self.served);
        let run = |traced| {
            let how = How { seed, faults: true, traced };
            self.witness(how, &plan.script)
        };
        let mut ending = run(false)?;
        let fails =
            |ending: &Ending| ending.account.as_ref().map(|it| judge(&plan, it).is_err());
        if fails(&ending) == Some(true) {
            // The same once more, to say where its calls were made.
            let traced = run(true)?;
            if fails(&traced) == Some(true) {
                ending = traced;
            }
        }
        let Some(account) = &ending.account else {
            return Ok(Verdict::Elsewhere(ending));
        };
        match judge(&plan, account) {
            Err(complaint) => Ok(Verdict::Failed(complaint, ending)),
            Ok(()) => Ok(ending
                .account
                .map_or_else(|| unreachable!("it was just judged"), Verdict::Passed)),
        }
    }

    /// Runs any script.
    pub fn witness(&self, how: How, script: &Script) -> io::Result<Ending> {
        let folder = TempDir::new()?;
        let place = |name: &str| folder.path().join(name);
        fs::write(place("script"), serde_json::to_vec(script)?)?;
        let orders = Hostility {
            seed: how.seed,
            faults: how.faults,
            traced: how.traced,
            without: self.without.to_vec(),
            folder: self.served.and_then(|_| self.program.folder.clone()),
            script: place("script"),
            report: place("report"),
        };
        let words = &self.program.command;
        let mut command = Command::new(&words[0]);
        command.args(&words[1..]).arg(ADDRESS);
        self.library.preload(&mut command, &Orders::Hostile(orders));
        command
            .stdin(Stdio::null())
            .stdout(File::create(place("stdout"))?)
            .stderr(File::create(place("stderr"))?)
            .process_group(0);
        let status = run(&mut command)?;
        let account = match fs::read(place("report")) {
            Ok(report) => Some(serde_json::from_slice(&report)?),
            Err(_) => None,
        };
        let stderr = fs::read(place("stderr"))?;
        let stderr = String::from_utf8_lossy(&stderr).into_owned();
        Ok(Ending { status, stderr, account })
    }
}

/// Until it ends, or for as long as patience lasts.
fn run(command: &mut Command) -> io::Result<ExitStatus> {
    let mut child = command.spawn()?;
    let group = Group::of(&child);
    let (done, ended) = mpsc::channel::<()>();
    let group = &group;
    thread::scope(|scope| {
        scope.spawn(move || {
            let timeout = ended.recv_timeout(PATIENCE);
            if timeout == Err(mpsc::RecvTimeoutError::Timeout) {
                group.stop();
            }
        });
        let status = child.wait();
        drop(done);
        status
    })
    .inspect(|_| group.stop())
}
