//! `bench` sets `final` beside steps of the book, a bare epoll loop, nginx and lighttpd, and prints
//! what a request costs each; then it counts the instructions that are `final`'s own.

use std::io;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

use checks::bench::instructions::{self, CASES, Counted, Counter, Function, IDLE_AIM};
use checks::bench::{
    self, Clerk, Kind, Ledger, Load, Machine, PLOTS, Report, Session, Setting, columns,
    verdicts,
};
use clap::Parser;

/// Puts the same loads on final, on a bare epoll loop, on nginx and on lighttpd in turn, each on one
/// core, the clients on the others, and prints the processor time of a request. The machine must
/// be at rest otherwise: a figure that can't be trusted has a question mark. Then it counts final's
/// own instructions for a request, if there is valgrind.
#[derive(Parser)]
#[command(name = "bench", max_term_width = 90, after_long_help = LOADS_AND_SERVERS)]
struct Arguments {
    /// The loads, in this order.
    #[arg(long, value_delimiter = ',', value_name = "LOAD", value_parser = loads)]
    #[arg(default_value = "small,pipelined,1k,1m,new,idle")]
    loads: Vec<Loads>,
    /// What is measured.
    #[arg(long, value_delimiter = ',', value_name = "SERVER")]
    #[arg(default_value = "final,bare,nginx,lighttpd")]
    servers: Vec<Kind>,
    /// Connections that ask at the same time.
    #[arg(long, default_value_t = 64, value_parser = clap::value_parser!(u16).range(1..=1000))]
    connections: u16,
    /// How long each load lasts; a load of new connections ends after 20,000 of them.
    #[arg(long, default_value_t = 4, value_parser = clap::value_parser!(u64).range(1..=60))]
    seconds: u64,
    /// How often the servers take turns; the medians count.
    #[arg(long, default_value_t = 7, value_parser = clap::value_parser!(u8).range(1..=50))]
    rounds: u8,
    /// How often all of that is done. Each run has figures and a verdict of its own.
    #[arg(long, default_value_t = 1, value_parser = clap::value_parser!(u8).range(1..=20))]
    runs: u8,
    /// Keeps all figures in a file, too.
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,
    /// Counts instructions, and measures nothing.
    #[arg(long)]
    instructions: bool,
    /// Prints which functions the instructions are in: so many that have most.
    #[arg(long, value_name = "COUNT", num_args = 0..=1, default_missing_value = "15")]
    functions: Option<usize>,
    /// Measures what the book shows, and keeps it in book/measured: its plots, the ledger, or all.
    #[arg(long, value_delimiter = ',', value_name = "NAME", num_args = 0..)]
    #[arg(value_parser = clap::builder::PossibleValuesParser::new(recorded()))]
    record: Option<Vec<String>>,
    /// Draws the book's plots from what is kept, as SVG files in a folder, and measures nothing.
    #[arg(long, value_name = "DIR", conflicts_with = "record")]
    plots: Option<PathBuf>,
}

const LOADS_AND_SERVERS: &str = "\
Loads:
  small, pipelined, 1k, 1m, new, idle   those that have a bar
  depth-N, depths                       N requests in one write; 1 to 256 of them
  idle-N, idles                         beside N idle connections; 0 to 10,000 of them

Servers:
  final, final-poll   the server of this workspace; the same with --poller poll
  stepN               a step of the book that speaks HTTP
  bare                a loop on epoll that parses nothing and answers from memory
  nginx, lighttpd     where they are installed";

/// What a word of the command line stands for.
#[derive(Clone)]
struct Loads(Vec<Load>);

fn loads(word: &str) -> Result<Loads, String> {
    Load::named(word).map(Loads)
}

const LEDGER: &str = "ledger";

fn recorded() -> Vec<&'static str> {
    PLOTS.iter().map(|plot| plot.name).chain([LEDGER]).collect()
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
    if let Some(folder) = &arguments.plots {
        return draw(folder);
    }
    if let Some(wanted) = &arguments.record {
        return record(arguments, wanted);
    }
    if arguments.instructions {
        return count(valgrind, arguments.functions);
    }
    let loads: Vec<Load> = arguments.loads.iter().flat_map(|it| it.0.clone()).collect();
    let report = measure(&arguments.servers, &loads, arguments.setting())?;
    if let Some(file) = &arguments.json {
        report.write(file)?;
    }
    println!();
    match instructions::installed(valgrind) {
        Ok(()) => count(valgrind, arguments.functions)?,
        Err(error) => println!("no instructions are counted: {error}"),
    }
    failures(&report)
}

impl Arguments {
    fn setting(&self) -> Setting {
        Setting {
            connections: self.connections.into(),
            seconds: self.seconds,
            rounds: self.rounds.into(),
            runs: self.runs.into(),
        }
    }
}

fn measure(kinds: &[Kind], loads: &[Load], setting: Setting) -> io::Result<Report> {
    let session = Session::new(kinds, loads, setting)?;
    let report = session.run(|line| println!("{line}"))?;
    let verdicts = verdicts(&report);
    if !verdicts.is_empty() {
        println!("\nThe bar");
    }
    for verdict in verdicts {
        println!("    {verdict}");
    }
    Ok(report)
}

/// A server that was tried and failed is an error in the end.
fn failures(report: &Report) -> io::Result<()> {
    let skipped = report.loads.iter().flat_map(|loaded| &loaded.skipped);
    match skipped.filter(|skipped| skipped.failed).count() {
        0 => Ok(()),
        1 => Err(io::Error::other("a server failed")),
        count => Err(io::Error::other(format!("servers failed {count} times"))),
    }
}

fn record(arguments: &Arguments, wanted: &[String]) -> io::Result<()> {
    let is_wanted =
        |name: &str| wanted.is_empty() || wanted.iter().any(|wanted| wanted == name);
    let folder = bench::folder();
    for plot in PLOTS.iter().filter(|plot| is_wanted(plot.name)) {
        println!("== {}", plot.name);
        let report = measure(&plot.servers(), &plot.loads(), arguments.setting())?;
        // A plot that lacks a server is better than none, and is an error all the same.
        report.write(&folder.join(plot.name).with_extension("json"))?;
        failures(&report)?;
        println!();
    }
    if is_wanted(LEDGER) {
        fill_in()?.write(&folder)?;
    }
    Ok(())
}

/// The ledger, of every step that speaks HTTP and of `final`.
fn fill_in() -> io::Result<Ledger> {
    let kinds: Vec<Kind> = Kind::steps().chain([Kind::Final]).collect();
    let clerk = Clerk::new(&kinds)?;
    println!("== {LEDGER}");
    let rustc = Command::new("rustc").arg("--version").output()?;
    let version = String::from_utf8_lossy(&rustc.stdout);
    let compiler = version.split(" (").next().unwrap_or_default().trim().to_string();
    let (machine, mut rows) = (Machine::here()?, Vec::new());
    for kind in kinds {
        let row = clerk.count(kind)?;
        let shown = |counts: &std::collections::BTreeMap<String, f64>| {
            let counts = counts.iter().map(|(key, count)| format!("{key} {count:.2}"));
            counts.collect::<Vec<_>>().join(", ")
        };
        println!("{kind}: instructions: {}", shown(&row.instructions));
        println!("{kind}: system calls: {}", shown(&row.calls));
        rows.push(row);
    }
    Ok(Ledger { machine, compiler, rows })
}

fn draw(folder: &Path) -> io::Result<()> {
    std::fs::create_dir_all(folder)?;
    for plot in PLOTS {
        let kept = bench::folder().join(plot.name).with_extension("json");
        let file = folder.join(plot.name).with_extension("svg");
        std::fs::write(&file, plot.draw(&Report::read(&kept)?)?)?;
        println!("{}", file.display());
    }
    Ok(())
}

fn count(valgrind: &Path, functions: Option<usize>) -> io::Result<()> {
    let counter = Counter::new(valgrind)?;
    println!("final's own instructions for a request, from a file in its cache");
    let mut rows = Vec::new();
    let mut counts = Vec::new();
    for case in CASES {
        let counted = counter.count(case)?;
        let aim = case.aim.map(|aim| format!("the aim is at most {aim}"));
        let count = format!("{:.0}", counted.instructions);
        rows.push(vec![case.name.to_string(), count, aim.unwrap_or_default()]);
        counts.push((case.name, counted));
    }
    for line in columns(&["", "instructions", ""], rows) {
        println!("    {line}");
    }
    if let Some(most) = functions {
        for (name, counted) in counts {
            println!("\n    {name}");
            print_functions(counted, most);
        }
    }
    let size = counter.idle_connection()?;
    let met = if size <= IDLE_AIM { "met" } else { "not met" };
    println!("an idle connection takes {size} bytes, at most {IDLE_AIM}: {met}");
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
