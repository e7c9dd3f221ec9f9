//! Readings from `/proc` for a server and every process it started: its command may be a
//! wrapper around the real one.

use std::collections::HashSet;
use std::time::Duration;

use procfs::process::{FDTarget, Process, Stat, all_processes};

#[derive(Clone, Copy, Debug)]
pub struct ProcessTree {
    root: i32,
    /// A tracer at the root isn't the server.
    without_root: bool,
}

/// All readings at one moment.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Readings {
    pub cpu: Duration,
    /// How often a thread went to sleep, and so woke up or will.
    pub wakeups: u64,
    pub threads: u64,
    /// Resident memory in bytes.
    pub memory: u64,
    /// The most that each process has had resident so far.
    pub peak_memory: u64,
    /// For how long its threads wanted a core and others had it.
    pub waited: Duration,
    pub descriptors: usize,
    /// Bytes that write(2) and sendfile(2) took: `wchar` of proc_pid_io(5).
    pub written: u64,
}

impl ProcessTree {
    pub fn of(root: u32) -> ProcessTree {
        ProcessTree { root: root as i32, without_root: false }
    }

    pub fn below(tracer: u32) -> ProcessTree {
        ProcessTree { without_root: true, ..ProcessTree::of(tracer) }
    }

    pub fn readings(&self) -> Readings {
        let mut sum = Readings::default();
        for (process, stat) in self.processes() {
            let ticks = stat.utime + stat.stime;
            let cpu = ticks as f64 / procfs::ticks_per_second() as f64;
            let (ran, waited) = on_processor(&process);
            sum.cpu += Duration::from_secs_f64(cpu).max(ran);
            sum.waited += waited;
            sum.wakeups += wakeups(&process);
            sum.threads += stat.num_threads as u64;
            sum.memory += stat.rss * procfs::page_size();
            let peak = process.status().ok().and_then(|status| status.vmhwm);
            sum.peak_memory += peak.unwrap_or(0) * 1024;
            sum.descriptors += process.fd_count().unwrap_or(0);
            sum.written += process.io().map_or(0, |io| io.wchar);
        }
        sum
    }

    /// The inodes of the sockets that they have open.
    pub fn sockets(&self) -> HashSet<u64> {
        let processes = self.processes().into_iter();
        let descriptors = processes.filter_map(|(process, _)| process.fd().ok());
        let targets = descriptors.flatten().flatten().map(|descriptor| descriptor.target);
        let sockets = targets.filter_map(|target| match target {
            FDTarget::Socket(inode) => Some(inode),
            _ => None,
        });
        sockets.collect()
    }

    /// Whether every thread sleeps. One that waits for a processor doesn't: on a busy machine
    /// this tells a server that has nothing to do from one that doesn't get to do it.
    pub fn sleeps(&self) -> bool {
        self.all_threads_are("SZX")
    }

    /// Whether every thread is held up by SIGSTOP.
    pub fn is_stopped(&self) -> bool {
        self.all_threads_are("TZX")
    }

    /// In one of these states of proc_pid_stat(5).
    fn all_threads_are(&self, states: &str) -> bool {
        let processes = self.processes().into_iter();
        let mut threads = processes.flat_map(|(process, _)| process.tasks()).flatten();
        threads.all(|thread| {
            let stat = thread.and_then(|thread| thread.stat());
            stat.is_ok_and(|stat| states.contains(stat.state))
        })
    }

    fn processes(&self) -> Vec<(Process, Stat)> {
        let all = all_processes().into_iter().flatten().flatten();
        let mut others: Vec<(Process, Stat)> = all
            .filter_map(|process| process.stat().ok().map(|stat| (process, stat)))
            .collect();
        let mut tree = Vec::new();
        let mut parents = vec![self.root];
        if let Some(at) = others.iter().position(|(_, stat)| stat.pid == self.root) {
            tree.push(others.swap_remove(at));
        }
        while let Some(parent) = parents.pop() {
            let (children, rest) = others
                .into_iter()
                .partition::<Vec<_>, _>(|(_, stat)| stat.ppid == parent);
            parents.extend(children.iter().map(|(_, stat)| stat.pid));
            tree.extend(children);
            others = rest;
        }
        if self.without_root {
            tree.retain(|(_, stat)| stat.pid != self.root);
        }
        tree
    }
}

/// What its threads took so far, to the nanosecond, and for how long they waited to be let on a
/// core. Those that have ended are missing.
fn on_processor(process: &Process) -> (Duration, Duration) {
    let threads = process.tasks().into_iter().flatten().flatten();
    let times = threads.filter_map(|thread| thread.schedstat().ok());
    let sums = times.fold((0, 0), |(ran, waited), time| {
        (ran + time.sum_exec_runtime, waited + time.run_delay)
    });
    (Duration::from_nanos(sums.0), Duration::from_nanos(sums.1))
}

fn wakeups(process: &Process) -> u64 {
    let threads = process.tasks().into_iter().flatten().flatten();
    let statuses = threads.filter_map(|thread| thread.status().ok());
    statuses.filter_map(|status| status.voluntary_ctxt_switches).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn this_process_has_memory_threads_and_descriptors() {
        let readings = ProcessTree::of(std::process::id()).readings();
        assert!(readings.peak_memory > 0);
        assert!(readings.memory > 0 && readings.threads > 0 && readings.descriptors > 2);
    }
}
