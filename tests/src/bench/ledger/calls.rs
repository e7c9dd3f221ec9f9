//! System calls of a server, counted by strace.

use std::io;

use super::count::{Counting, per_request};
use crate::bench::generator::Clients;
use crate::bench::loads::Load;
use crate::bench::measure::Run;
use crate::bench::servers::{Bench, Contestant, Kind};
use crate::system::tool::Tool;

/// How often each client asks in one run and in the other; and how often for something small. How
/// many find an answer in one turn is chance, and more so in the first.
const ROUNDS: [usize; 2] = [1, 20];
const SMALL_ROUNDS: [usize; 2] = [1, 200];
const LARGE: usize = 64 * 1024;

/// How many system calls a request takes when many clients ask at the same time. Who answers all of
/// them in one turn waits once for all.
pub fn calls_under_load(
    bench: &Bench,
    kind: Kind,
    load: &Load,
    run: &Run,
) -> io::Result<f64> {
    let batch = (run.connections * load.depth) as u64;
    let ask = |contestant: &Contestant, rounds: usize| {
        let clients = Clients {
            server: contestant.address(),
            request: &contestant.request,
            answer: contestant.answer,
            connections: run.connections,
            depth: load.depth,
            renewed: load.renewed,
            time: run.patience,
            most: rounds as u64 * batch,
            patience: run.patience,
        };
        let answered = clients.run(&bench.cores.clients)?.requests;
        match answered == clients.most {
            true => Ok(()),
            false => Err(io::Error::other("not all requests were answered in time")),
        }
    };
    if !Tool::Strace.installed() {
        return Err(io::Error::other("strace isn't installed, or may not trace"));
    }
    let counting = Counting::new(bench, kind, load)?;
    let rounds = if load.length < LARGE { SMALL_ROUNDS } else { ROUNDS };
    per_request(rounds, batch as usize, |rounds| counting.calls(|it| ask(it, rounds)))
}

/// The sum in a table of `strace -c`.
pub fn total(table: &str) -> io::Result<u64> {
    let line = table.lines().find(|line| line.trim_end().ends_with(" total"));
    // Share, seconds, microseconds for each, calls, errors if there are any, the name.
    let calls = line.and_then(|line| line.split_whitespace().nth(3));
    let calls = calls.and_then(|calls| calls.parse().ok());
    calls.ok_or_else(|| {
        io::Error::other(format!("strace writes what nobody understands:\n{table}"))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const TABLE: &str = "\
% time     seconds  usecs/call     calls    errors syscall
------ ----------- ----------- --------- --------- ----------------
 60.00    0.000600           3       200           write
 40.00    0.000400           2       203         1 read
------ ----------- ----------- --------- --------- ----------------
100.00    0.001000           2       403         1 total
";

    #[test]
    fn the_total_is_read_with_errors_and_without() {
        assert_eq!(total(TABLE).unwrap(), 403);
        assert_eq!(total(&TABLE.replace("1 total", "  total")).unwrap(), 403);
    }

    #[test]
    fn half_a_table_is_an_error_and_no_count() {
        assert!(total("").is_err());
        assert!(total(TABLE.split("100.00").next().unwrap()).is_err());
        assert!(total(&TABLE.replace("403", "many")).is_err());
    }
}
