//! A run of a program under the hostile kernel.

use std::fs::{self, File};
use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::os::unix::process::CommandExt;
use std::process::{Command, ExitStatus, Stdio};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::thread;
use std::time::{Duration, Instant};

use recording::Orders;
use recording::hostile::{Account, Fault, Hostility, Script};
use tempfile::TempDir;

use super::files::Served;
use super::judge::{Complaint, judge};
use super::plan::Plan;
use crate::kernel::Library;
use crate::server::Program;
use crate::step::{FILES, Step};
use crate::system::group::Group;
use crate::system::listeners::somebody_listens;
use crate::system::port::Port;

/// For a program that makes no call, on a machine with much else to do.
const PATIENCE: Duration = Duration::from_secs(120);
/// A day, in seconds: clients of a seed take their time, and so does the kernel.
pub const FOR_EVER: u32 = 86_400;
/// How often it is looked whether the program listens at the real kernel.
const LOOK: Duration = Duration::from_millis(200);

pub struct Trial<'a> {
    pub library: &'a Library,
    pub program: &'a Program,
    pub step: Step,
    /// Faults that aren't made.
    pub without: Vec<Fault>,
    pub served: Option<Served>,
    /// Where the program believes that it listens. Really nobody does.
    port: Port,
}

#[derive(Clone, Copy, Debug)]
pub struct How {
    pub seed: u64,
    /// Without faults nothing is left to chance.
    pub faults: bool,
    /// Whether the last calls are told with where they were made.
    pub traced: bool,
    /// After how many seconds the program is to let a client go that stalls.
    pub patience: u32,
}

/// How a program's run ended.
#[derive(Debug)]
pub struct Ending {
    pub status: ExitStatus,
    pub stopped: Option<Stopped>,
    pub stderr: String,
    /// None if it never asked this kernel for a socket.
    pub account: Option<Account>,
}

/// Why a program had to be stopped.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Stopped {
    /// It listens at the real kernel.
    Listens,
    /// It neither makes calls nor sleeps in one that this kernel knows.
    Hangs,
}

#[derive(Debug)]
pub enum Verdict {
    Passed(Account),
    Failed(Complaint, Ending),
    /// Not one call came to the kernel.
    Elsewhere(Ending),
}

impl<'a> Trial<'a> {
    /// From the first step on that serves files, some are put into the program's folder.
    pub fn new(
        library: &'a Library,
        program: &'a Program,
        step: Step,
    ) -> io::Result<Trial<'a>> {
        let folder = program.folder.as_ref().filter(|_| step >= FILES);
        let served = folder.map(|folder| Served::beneath(folder)).transpose()?;
        let (without, port) = (Vec::new(), Port::claim());
        Ok(Trial { library, program, step, without, served, port })
    }

    pub fn plan(&self, seed: u64) -> Plan {
        Plan::draw(self.step, seed, self.served.as_ref())
    }

    pub fn run(&self, seed: u64) -> io::Result<Verdict> {
        let plan = self.plan(seed);
        let run = |traced| {
            let how = How { seed, faults: true, traced, patience: FOR_EVER };
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
            return Ok(match ending.stopped {
                Some(Stopped::Hangs) => Verdict::Failed(Complaint::hangs(), ending),
                _ => Verdict::Elsewhere(ending),
            });
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
            without: self.without.clone(),
            folder: self.served.as_ref().and_then(|_| self.program.folder.clone()),
            script: place("script"),
            report: place("report"),
        };
        let program = self.program.clone().with_patience(how.patience);
        let words = program.words();
        let mut command = Command::new(&words[0]);
        let address = SocketAddr::from((Ipv4Addr::LOCALHOST, self.port.number));
        command.args(&words[1..]).arg(address.to_string());
        self.library.preload(&mut command, &Orders::Hostile(orders));
        command
            .stdin(Stdio::null())
            .stdout(File::create(place("stdout"))?)
            .stderr(File::create(place("stderr"))?)
            .process_group(0);
        let (status, stopped) = run(&mut command, address)?;
        let account = match fs::read(place("report")) {
            Ok(report) => Some(serde_json::from_slice(&report)?),
            Err(_) => None,
        };
        let stderr = fs::read(place("stderr"))?;
        let stderr = String::from_utf8_lossy(&stderr).into_owned();
        Ok(Ending { status, stopped, stderr, account })
    }
}

/// Until it ends, or has to be stopped.
fn run(
    command: &mut Command,
    address: SocketAddr,
) -> io::Result<(ExitStatus, Option<Stopped>)> {
    let mut child = command.spawn()?;
    let group = Group::of(&child);
    let (done, ended) = mpsc::channel::<()>();
    let watch = |ended: mpsc::Receiver<()>| {
        let start = Instant::now();
        while ended.recv_timeout(LOOK) == Err(RecvTimeoutError::Timeout) {
            let stopped = match somebody_listens(address) {
                Some(true) => Stopped::Listens,
                _ if start.elapsed() > PATIENCE => Stopped::Hangs,
                _ => continue,
            };
            group.stop();
            return Some(stopped);
        }
        None
    };
    let (status, stopped) = thread::scope(|scope| {
        let watcher = scope.spawn(|| watch(ended));
        let status = child.wait();
        drop(done);
        (status, watcher.join().unwrap_or_default())
    });
    // Whatever else it started.
    group.stop();
    Ok((status?, stopped))
}
