//! A whole measurement: servers take turns with each load, in every round.

use std::io;
use std::time::Duration;

use super::figures::{
    Loaded, Machine, Report, Round, Setting, Skipped, Start, of_run, rounded,
};
use super::ledger::calls_under_load;
use super::loads::Load;
use super::measure::{Run, measure};
use super::servers::{Bench, Contestant, Kind, PATIENCE};
use crate::system::descriptors::fit;
use crate::system::tool::Tool;

pub struct Session {
    bench: Bench,
    kinds: Vec<Kind>,
    loads: Vec<Load>,
    setting: Setting,
    run: Run,
}

/// How often each server is started for the time up to its first answer.
const STARTS: usize = 9;

impl Session {
    /// Builds what is needed.
    pub fn new(kinds: &[Kind], loads: &[Load], setting: Setting) -> io::Result<Session> {
        let time = Duration::from_secs(setting.seconds);
        let run = Run { connections: setting.connections, time, patience: PATIENCE };
        let bench = Bench::new(kinds, loads)?;
        Ok(Session { bench, kinds: kinds.to_vec(), loads: loads.to_vec(), setting, run })
    }

    /// Says what comes out, line by line.
    pub fn run(&self, mut say: impl FnMut(&str)) -> io::Result<Report> {
        let Setting { connections, seconds, rounds, runs } = self.setting;
        let machine = Machine::here()?;
        say(&machine.to_string());
        let (server, clients) = (self.bench.cores.server, &self.bench.cores.clients);
        say(&format!(
            "{connections} connections, {rounds} rounds of {seconds} s; the server on core \
             {server}, its clients on {}",
            if clients.len() == 1 { "another" } else { "the others" },
        ));
        if !Tool::Strace.installed() {
            say("no system calls are counted: strace isn't installed, or may not trace");
        }
        let loads = self.loads.iter().map(Loaded::of).collect();
        let setting = self.setting;
        let mut report = Report { machine, setting, loads, starts: Vec::new() };
        for run in 0..runs {
            for (load, loaded) in self.loads.iter().zip(&mut report.loads) {
                say("");
                match runs {
                    1 => say(&load.name),
                    _ => say(&format!("{}, run {} of {runs}", load.name, run + 1)),
                }
                self.take_turns(load, loaded, run)?;
                for skipped in loaded.skipped.iter().filter(|it| run == 0 || it.failed) {
                    say(&format!("    {} is skipped: {}", skipped.server, skipped.why));
                }
                for line in of_run(loaded, run) {
                    say(&format!("    {line}"));
                }
            }
        }
        report.starts = self.starts()?;
        Ok(report)
    }

    /// A run of one load.
    fn take_turns(&self, load: &Load, loaded: &mut Loaded, run: usize) -> io::Result<()> {
        if let Err(error) = fit(self.run.connections, load.idle) {
            for kind in self.kinds.iter().filter(|_| run == 0) {
                let (server, why) = (kind.to_string(), error.to_string());
                loaded.skipped.push(Skipped { server, why, failed: false });
            }
            return Ok(());
        }
        let started = self.bench.start(load)?;
        if run == 0 {
            loaded.skipped = started.skipped;
        }
        let mut contestants = started.contestants;
        contestants.retain(|it| !loaded.is_skipped(&it.kind.to_string()));
        let all = self.rounds(load, loaded, contestants);
        for (kind, rounds) in &all {
            loaded.add(&kind.to_string(), rounds.clone());
        }
        // Beside idle connections, it is their number that costs, and not that of calls.
        if run > 0 || load.idle > 0 || !Tool::Strace.installed() {
            return Ok(());
        }
        for (kind, _) in all {
            let name = kind.to_string();
            match calls_under_load(&self.bench, kind, load, &self.run) {
                Ok(calls) => loaded.count(&name, calls),
                Err(error) => loaded.fail(&name, &error),
            }
        }
        Ok(())
    }

    /// Another server begins in each round. One that fails is out.
    fn rounds(
        &self,
        load: &Load,
        loaded: &mut Loaded,
        mut contestants: Vec<Contestant>,
    ) -> Vec<(Kind, Vec<Round>)> {
        let order = contestants.iter().map(|it| (it.kind, Vec::new()));
        let mut all: Vec<(Kind, Vec<Round>)> = order.collect();
        for _ in 0..self.setting.rounds {
            contestants.retain(|contestant| {
                let measured = measure(load, contestant, &self.run, &self.bench.cores);
                let at = all.iter().position(|(kind, _)| *kind == contestant.kind);
                let at = at.expect("each has its place");
                match measured {
                    Ok(round) => all[at].1.push(round),
                    Err(error) => {
                        loaded.fail(&contestant.kind.to_string(), &error);
                        all.remove(at);
                        return false;
                    }
                }
                true
            });
            if !contestants.is_empty() {
                contestants.rotate_left(1);
            }
        }
        all
    }

    /// Of the servers that begin with nothing but their own program.
    fn starts(&self) -> io::Result<Vec<Start>> {
        let mut starts = Vec::new();
        let Some(load) = self.loads.iter().find(|load| load.is_small()) else {
            return Ok(starts);
        };
        for &kind in &self.kinds {
            if !kind.is_ours() || self.bench.lacks(kind, load).is_some() {
                continue;
            }
            let times = self.bench.starts(kind, load, STARTS)?;
            let ms =
                times.iter().map(|time| rounded(time.as_secs_f64() * 1e3, 3)).collect();
            starts.push(Start { server: kind.to_string(), ms });
        }
        Ok(starts)
    }
}
