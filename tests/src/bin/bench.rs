//! `bench` sets `final` beside a bare epoll loop and nginx, and prints what a request costs each;
//! then it counts the instructions that are `final`'s own.

use std::io;
use std::path::Path;
use std::process::ExitCode;
use std::time::Duration;

use checks::bench::instructions::{self, CASES, Counted, Counter, Function, IDLE_AIM};
use checks::bench::{self, Bench, Kind, LOADS, Load, Measured, Median, Run};
use clap::Parser;
use clap::builder::PossibleValuesParser;

/// Puts the same loads on final, on a bare epoll loop and on nginx in turn, each on one core, the
/// clients on the others, and prints the processor time of a request. The machine must be at rest
/// otherwise. Then it counts final's own instructions for a request, if there is valgrind.
#[derive(Parser)]
#[command(name = "bench")]
struct Arguments {
    /// The loads, in this order.
    #[arg(long, value_delimiter = ',', value_name = "LOAD", default_values_t = keys())]
    #[arg(value_parser = PossibleValuesParser::new(LOADS.iter().map(|load| load.key)))]
    loads: Vec<String>,
    /// What is measured.
    #[arg(long, value_enum, value_delimiter = ',', value_name = "SERVER")]
    #[arg(default_values_t = [Kind::Final, Kind::Bare, Kind::Nginx])]
    servers: Vec<Kind>,
    /// Connections that ask at the same time.
    #[arg(long, default_value_t = 64, value_parser = clap::value_parser!(u16).range(1..=1000))]
    connections: u16,
    /// How long each load lasts; a load of new connections ends after 20,000 of them.
    #[arg(long, default_value_t = 4, value_parser = clap::value_parser!(u64).range(1..=60))]
    seconds: u64,
    /// How often the servers take turns; the medians count.
    #[arg(long, default_value_t = 5, value_parser = clap::value_parser!(u8).range(1..=50))]
    rounds: u8,
    /// Counts instructions, and measures nothing.
    #[arg(long)]
    instructions: bool,
    /// Prints which functions the instructions are in: so many that have most.
    #[arg(long, value_name = "COUNT", num_args = 0..=1, default_missing_value = "15")]
    functions: Option<usize>,
}

fn keys() -> Vec<String> {
    LOADS.iter().map(|load| load.key.to_string()).collect()
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
    let valgrind = Path::new("valgrind");
    if arguments.instructions {
        return count(valgrind, arguments.functions);
    }
    let bench = Bench::new(&arguments.servers)?;
    let connections = usize::from(arguments.connections);
    let time = Duration::from_secs(arguments.seconds);
    let run = Run { connections, time, patience: Duration::from_secs(10) };
    println!(
        "{connections} connections, {} rounds of {} s each; the server on core {}, its clients on {}",
        arguments.rounds,
        arguments.seconds,
        bench.cores.server,
        if bench.cores.clients.len() == 1 { "another" } else { "the others" },
    );
    for key in &arguments.loads {
        let load = LOADS.iter().find(|load| load.key == key).expect("a load's key");
        println!("\n{}", load.name);
        if let Err(error) = bench::fit(connections + load.idle) {
            println!("    skipped: {error}");
            continue;
        }
        for line in table(load, &take_turns(&bench, load, &run, arguments.rounds)?) {
            println!("    {line}");
        }
    }
    println!();
    match instructions::installed(valgrind) {
        Ok(()) => count(valgrind, arguments.functions),
        Err(error) => {
            println!("no instructions are counted: {error}");
            Ok(())
        }
    }
}

/// What each round cost each server. Another begins in each round.
fn take_turns(
    bench: &Bench,
    load: &Load,
    run: &Run,
    rounds: u8,
) -> io::Result<Vec<(Kind, Vec<Measured>)>> {
    let mut contestants = bench.start(load)?;
    let order: Vec<Kind> = contestants.iter().map(|contestant| contestant.kind).collect();
    let mut results: Vec<_> = order.iter().map(|&kind| (kind, Vec::new())).collect();
    for _ in 0..rounds {
        for contestant in &contestants {
            let kind = contestant.kind;
            let measured = load.measure(contestant, run, &bench.cores.clients);
            let measured = measured.map_err(|error| {
                io::Error::other(format!("{}, {}: {error}", load.name, kind.name()))
            })?;
            let result = results.iter_mut().find(|(of, _)| *of == kind);
            result.expect("each has its place").1.push(measured);
        }
        contestants.rotate_left(1);
    }
    Ok(results)
}

fn table(load: &Load, results: &[(Kind, Vec<Measured>)]) -> Vec<String> {
    let rounds = |kind| results.iter().find(|(of, _)| *of == kind).map(|(_, all)| all);
    let mut lines = Vec::new();
    for (kind, all) in results {
        let cpu = bench::of(all.iter().map(|one| one.cpu.as_secs_f64() * 1e6)).middle;
        let rate = bench::of(all.iter().map(|one| one.per_second)).middle;
        let busy = bench::of(all.iter().map(|one| one.busy * 100.0)).middle;
        let name = kind.name();
        let mut line =
            format!("{name:<6}{cpu:>9.2} µs{rate:>10.0} a second{busy:>6.0} % busy");
        // In its first round a server has not yet had what it can use again.
        if let Some(bytes) = all[0].idle_memory {
            line += &format!("{bytes:>8.0} bytes for each idle one");
        }
        lines.push(line);
    }
    let pairs = [
        (Kind::Final, Kind::Bare),
        (Kind::Nginx, Kind::Bare),
        (Kind::Final, Kind::Nginx),
    ];
    for (one, other) in pairs {
        let (Some(ours), Some(theirs)) = (rounds(one), rounds(other)) else { continue };
        let name = format!("{}/{}", one.name(), other.name());
        let mut line = format!("{name:<12} {}", ratio(ours, theirs));
        if let (Some(aim), (Kind::Final, Kind::Bare)) = (load.aim, (one, other)) {
            line += &format!("   the aim is at most {aim:.2}");
        }
        lines.push(line);
    }
    lines
}

/// Of processor time, round by round.
fn ratio(ours: &[Measured], theirs: &[Measured]) -> Median {
    let rounds = ours.iter().zip(theirs);
    bench::of(rounds.map(|(ours, theirs)| ours.cpu.div_duration_f64(theirs.cpu)))
}

fn count(valgrind: &Path, functions: Option<usize>) -> io::Result<()> {
    let counter = Counter::new(valgrind)?;
    println!("final's own instructions for a request, from a file in its cache");
    for case in CASES {
        let counted = counter.count(case)?;
        let aim = case.aim.map(|aim| format!("   the aim is at most {aim}"));
        let (name, count) = (case.name, counted.instructions);
        println!("    {name:<22}{count:>7.0}{}", aim.unwrap_or_default());
        if let Some(most) = functions {
            print_functions(counted, most);
        }
    }
    let size = counter.idle_connection()?;
    println!("an idle connection takes {size} bytes   the aim is under {IDLE_AIM}");
    Ok(())
}

fn print_functions(mut counted: Counted, most: usize) {
    type Key = fn(&Function) -> f64;
    // What has all of them only leads to the server.
    counted.functions.retain(|function| function.inclusive < counted.instructions);
    let keys: [(&str, Key); 2] = [
        ("its own", |function| function.own),
        ("with what it calls", |function| function.inclusive),
    ];
    for (what, of) in keys {
        counted.functions.sort_by(|one, other| of(other).total_cmp(&of(one)));
        println!("\n        instructions, {what}");
        for function in counted.functions.iter().take(most) {
            println!("        {:>7.0}  {}", of(function), function.name);
        }
    }
    println!();
}
