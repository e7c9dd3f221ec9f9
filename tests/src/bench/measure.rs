//! One round: what a load costs one server.

use std::io;
use std::time::Duration;

use procfs::{CurrentSI, KernelStats};

use super::figures::{Round, Shares};
use super::generator::{Clients, Idle};
use super::loads::Load;
use super::servers::{Contestant, Cores};

/// How long, and by how many.
#[derive(Clone, Copy, Debug)]
pub struct Run {
    pub connections: usize,
    pub time: Duration,
    /// How long a server may be silent.
    pub patience: Duration,
}

/// After a moment of warming up.
pub fn measure(
    load: &Load,
    contestant: &Contestant,
    run: &Run,
    cores: &Cores,
) -> io::Result<Round> {
    let (server, request) = (contestant.address(), &contestant.request[..]);
    let before = contestant.readings().memory;
    let idle = Idle::open(server, request, load.idle, run.patience)?;
    let grown = contestant.readings().memory.saturating_sub(before) as f64;

    let clients = Clients {
        server,
        request,
        answer: contestant.answer,
        connections: run.connections,
        depth: load.depth,
        renewed: load.renewed,
        time: run.time.min(Duration::from_millis(500)),
        most: load.most_requests() / 20,
        patience: run.patience,
    };
    clients.run(&cores.clients)?;
    let clients = Clients { time: run.time, most: load.most_requests(), ..clients };
    let (before, stolen) = (contestant.readings(), stolen(cores)?);
    let answered = clients.run(&cores.clients)?;
    let (after, stolen_then) = (contestant.readings(), self::stolen(cores)?);
    idle.still_open()?;

    let cpu = after.cpu.saturating_sub(before.cpu);
    if answered.requests == 0 || cpu.is_zero() {
        return Err(io::Error::other("nothing was measured"));
    }
    let requests = answered.requests as f64;
    let share = |part: Duration| part.div_duration_f64(answered.time);
    let micros = |nanos: u64| nanos as f64 / 1e3;
    let round = Round {
        requests: answered.requests,
        cpu_us: cpu.as_secs_f64() * 1e6 / requests,
        per_second: requests / answered.time.as_secs_f64(),
        p50_us: micros(answered.latencies.value_at_quantile(0.50)),
        p99_us: micros(answered.latencies.value_at_quantile(0.99)),
        memory_bytes: after.peak_memory,
        idle_bytes: (load.idle > 0).then(|| grown / load.idle as f64),
        shares: Shares {
            server: share(cpu),
            clients: answered.busy,
            server_waited: share(after.waited.saturating_sub(before.waited)),
            clients_waited: answered.waited,
            stolen: share(stolen_then.saturating_sub(stolen)),
        },
    };
    Ok(round.rounded())
}

/// For how long the hypervisor has had these cores for others: `steal` of proc_stat(5), the most of
/// any core.
fn stolen(cores: &Cores) -> io::Result<Duration> {
    let stats = KernelStats::current().map_err(io::Error::other)?;
    let used = cores.clients.iter().chain([&cores.server]);
    let times = used.filter_map(|&core| stats.cpu_time.get(core)?.steal_ms());
    Ok(Duration::from_millis(times.max().unwrap_or(0)))
}
