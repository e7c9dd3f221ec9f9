//! Counts of a whole server, as its clients have it.

use std::path::{Path, PathBuf};
use std::{fs, io};

use tempfile::TempDir;

use super::book::{CASES, Case, Row};
use super::callgrind::Profile;
use super::{calls, instructions};
use crate::bench::figures::rounded;
use crate::bench::generator::{Idle, Lockstep};
use crate::bench::loads::Load;
use crate::bench::servers::{Bench, Contestant, Kind, PATIENCE, Tracer};
use crate::subject;
use crate::system::tool::Tool;

/// How many rounds each of two runs has. What both do once isn't in their difference.
const ROUNDS: [usize; 2] = [100, 600];
/// The same of system calls, which are exact.
const FEW_ROUNDS: [usize; 2] = [20, 220];
/// What a server does now and then, as it does when a second has passed, isn't a request's. The
/// fewest of so many runs have the least of that.
const RUNS: usize = 2;

/// Who fills the ledger in.
pub struct Clerk {
    bench: Bench,
    openat2: PathBuf,
}

impl Clerk {
    /// Builds the servers that are to be counted. Valgrind and strace are needed.
    pub fn new(kinds: &[Kind]) -> io::Result<Clerk> {
        for tool in [Tool::Valgrind, Tool::Strace] {
            if !tool.installed() {
                return Err(io::Error::other(format!("{tool} isn't installed")));
            }
        }
        let loads: Vec<Load> = CASES.iter().map(load).collect();
        let bench = Bench::new(kinds, &loads)?;
        Ok(Clerk { bench, openat2: subject::build_library("openat2")? })
    }

    /// What a request costs this server. What it can't do is left out.
    pub fn count(&self, kind: Kind) -> io::Result<Row> {
        let mut row = Row { server: kind.to_string(), ..Row::default() };
        for case in CASES {
            let load = load(case);
            if self.bench.lacks(kind, &load).is_some() {
                continue;
            }
            let named =
                |error| io::Error::other(format!("{kind}, {}: {error}", case.name));
            let instructions = self.instructions(kind, case, &load).map_err(named)?;
            row.instructions.insert(case.key.into(), rounded(instructions, 1));
            if case.has_calls {
                let calls = self.calls(kind, case, &load).map_err(named)?;
                row.calls.insert(case.key.into(), rounded(calls, 4));
            }
        }
        Ok(row)
    }

    fn instructions(&self, kind: Kind, case: &Case, load: &Load) -> io::Result<f64> {
        let counting = Counting::new(&self.bench, kind, load)?;
        per_request(ROUNDS, load.depth, |rounds| {
            let ask = |it: &Contestant| ask(case, load, it, rounds);
            fewest(|| counting.instructions(&self.openat2, ask))
        })
    }

    fn calls(&self, kind: Kind, case: &Case, load: &Load) -> io::Result<f64> {
        let counting = Counting::new(&self.bench, kind, load)?;
        per_request(FEW_ROUNDS, load.depth, |rounds| {
            fewest(|| counting.calls(|it| ask(case, load, it, rounds)))
        })
    }
}

fn fewest(count: impl Fn() -> io::Result<u64>) -> io::Result<u64> {
    let runs: io::Result<Vec<u64>> = (0..RUNS).map(|_| count()).collect();
    Ok(runs?.into_iter().min().expect("there are runs"))
}

fn load(case: &Case) -> Load {
    case.load.parse().expect("a case has a load")
}

/// One client asks so many times, and waits for its answer each time. Those that are idle stay.
fn ask(case: &Case, load: &Load, server: &Contestant, rounds: usize) -> io::Result<Idle> {
    let request = match case.is_browser {
        true => instructions::as_a_browser(&server.request),
        false => server.request.clone(),
    };
    let address = server.address();
    let idle = Idle::one_by_one(address, &server.request, load.idle, PATIENCE)?;
    let lockstep = Lockstep {
        server: address,
        request: &request,
        depth: load.depth,
        renewed: load.renewed,
        patience: PATIENCE,
    };
    lockstep.run(rounds)?;
    idle.still_open()?;
    Ok(idle)
}

/// A server and a load, counted as often as is wanted: a new process each time.
pub struct Counting<'a> {
    bench: &'a Bench,
    kind: Kind,
    load: &'a Load,
    own: TempDir,
}

impl<'a> Counting<'a> {
    pub fn new(bench: &'a Bench, kind: Kind, load: &'a Load) -> io::Result<Counting<'a>> {
        Ok(Counting { bench, kind, load, own: tempfile::tempdir()? })
    }

    /// All system calls of a server that is asked for something. What `ask` gives back is kept
    /// until the server has ended.
    pub fn calls<T>(
        &self,
        ask: impl Fn(&Contestant) -> io::Result<T>,
    ) -> io::Result<u64> {
        let table = self.own.path().join("calls");
        self.run(&Tracer::Strace(&table), ask)?;
        calls::total(&fs::read_to_string(table)?)
    }

    /// All its instructions.
    fn instructions<T>(
        &self,
        openat2: &Path,
        ask: impl Fn(&Contestant) -> io::Result<T>,
    ) -> io::Result<u64> {
        let profile = self.own.path().join("profile");
        self.run(&Tracer::Callgrind { profile: &profile, openat2 }, ask)?;
        Ok(Profile::read(&fs::read_to_string(profile)?)?.total)
    }

    fn run<T>(
        &self,
        tracer: &Tracer,
        ask: impl Fn(&Contestant) -> io::Result<T>,
    ) -> io::Result<()> {
        let server = self.bench.contestant_under(tracer, self.kind, self.load)?;
        // How many clients the server notices to be gone in one turn is chance.
        let _kept = ask(&server)?;
        server.end()
    }
}

/// What a request takes: the difference between two runs, of few and of many rounds.
pub fn per_request(
    [few, many]: [usize; 2],
    requests: usize,
    count: impl Fn(usize) -> io::Result<u64>,
) -> io::Result<f64> {
    let (less, more) = (count(few)? as f64, count(many)? as f64);
    Ok((more - less) / ((many - few) * requests) as f64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_done_once_is_no_request_s() {
        let count = |rounds| Ok(1000 + 16 * 3 * rounds as u64);
        assert_eq!(per_request([10, 110], 16, count).unwrap(), 3.0);
        let fails = |_| Err(io::Error::other("no"));
        assert!(per_request([1, 2], 1, fails).is_err());
    }
}
