//! `bench` sets `final` beside nginx and prints what a request costs each.

use std::io;
use std::process::ExitCode;

use checks::bench::{self, Contestant, Cost, LOADS, Run};
use checks::subject;
use checks::system::tool::Tool;
use clap::Parser;

/// Puts the same load on `final` and on nginx, each on one core, the clients on the others,
/// and prints the processor time of a request. Both must be at rest otherwise.
#[derive(Parser)]
#[command(name = "bench")]
struct Arguments {
    /// Connections that stay and ask again and again.
    #[arg(long, default_value_t = 64, value_parser = clap::value_parser!(u16).range(1..=1000))]
    connections: u16,
    /// How long each load lasts.
    #[arg(long, default_value_t = 4, value_parser = clap::value_parser!(u64).range(1..=60))]
    seconds: u64,
    /// How often the two take turns; the median counts.
    #[arg(long, default_value_t = 5, value_parser = clap::value_parser!(u8).range(1..=50))]
    rounds: u8,
}

fn main() -> ExitCode {
    match run(&Arguments::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("bench: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: &Arguments) -> io::Result<()> {
    for tool in [Tool::Nginx, Tool::Wrk, Tool::Taskset] {
        if !tool.installed() {
            return Err(io::Error::other(format!("{tool} isn't installed")));
        }
    }
    let program = subject::build_release("final")?;
    let (site, own) = (tempfile::tempdir()?, tempfile::tempdir()?);
    bench::fill(site.path())?;
    let mut lander = Contestant::lander(&program, site.path())?;
    let mut nginx = Contestant::nginx(site.path(), own.path())?;
    let connections = usize::from(arguments.connections);
    let run =
        Run { connections, seconds: arguments.seconds, threads: connections.min(2) };
    println!(
        "{connections} connections, {} rounds of {} s each, one core for the server\n",
        arguments.rounds, arguments.seconds,
    );
    println!("{:<18} {:>21} {:>21} {:>7} {:>13}", "", "final", "nginx", "final/", "over");
    println!(
        "{:<18} {:>10} {:>10} {:>10} {:>10} {:>7} {:>13}",
        "", "µs CPU", "req/s", "µs CPU", "req/s", "nginx", "the rounds"
    );
    for load in LOADS {
        let mut pairs = Vec::new();
        for _ in 0..arguments.rounds {
            let ours = bench::measure(&mut lander, load.target, &run)?;
            let theirs = bench::measure(&mut nginx, load.target, &run)?;
            pairs.push((ours, theirs));
        }
        println!("{}", line(load.name, &mut pairs));
    }
    Ok(())
}

/// The pair with the median ratio, and the range of all ratios.
fn line(name: &str, pairs: &mut [(Cost, Cost)]) -> String {
    let ratio = |(ours, theirs): &(Cost, Cost)| ours.cpu.div_duration_f64(theirs.cpu);
    pairs.sort_by(|one, other| ratio(one).total_cmp(&ratio(other)));
    let median = &pairs[pairs.len() / 2];
    let [best, worst] = [&pairs[0], &pairs[pairs.len() - 1]].map(ratio);
    let columns = [&median.0, &median.1].map(|cost| {
        let micros = cost.cpu.as_secs_f64() * 1e6;
        format!("{micros:>10.2} {:>10.0}", cost.per_second)
    });
    let range = format!("{best:.2}–{worst:.2}");
    format!("{name:<18} {} {:>7.2} {range:>13}", columns.join(" "), ratio(median))
}
