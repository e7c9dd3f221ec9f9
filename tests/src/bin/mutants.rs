//! `mutants` changes `final` in small ways and looks whether its tests and checks notice.

use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::num::NonZero;
use std::path::Path;
use std::process::ExitCode;

use checks::checks::all;
use checks::mutants::{self, Equal, Judge, Mutant, Verdict, Workshop};
use checks::subject;
use checks::system::tool::Tool;
use clap::Parser;
use time::OffsetDateTime;

/// Draws mutants of `final` (cargo-mutants) and judges each by the crate's tests, and if those
/// pass by `check final`. One that doesn't build, or that differs in nothing anybody could
/// notice (tests/mutants.toml), is replaced by the next. A hundred take half an hour on two cores.
#[derive(Parser)]
#[command(name = "mutants")]
struct Arguments {
    /// Which mutants are drawn: today's date as YYYYMMDD, if nothing is said.
    #[arg(long)]
    seed: Option<u64>,
    /// How many are judged.
    #[arg(long, default_value = "100")]
    sample: NonZero<usize>,
    /// Draw only among those whose name has this text in it, such as a file's or a function's.
    /// Of several texts, one is enough.
    #[arg(long, value_name = "TEXT")]
    only: Vec<String>,
}

fn main() -> ExitCode {
    match run(&Arguments::parse()) {
        Ok(code) => code,
        Err(error) => {
            eprintln!("mutants: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: &Arguments) -> io::Result<ExitCode> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("tests is in it");
    let seed = arguments.seed.unwrap_or_else(today);
    let sample = arguments.sample.get();
    let version = mutants::version()?;
    let workshop = Workshop::new(root)?;
    let mut mutants = mutants::list(workshop.root())?;
    let equals = Equal::all(workshop.root(), &mutants)?;
    println!("seed {seed}: {sample} of {} mutants, {version}", mutants.len());
    mutants::draw(&mut mutants, seed);
    let only = &arguments.only;
    let wanted = |mutant: &Mutant| only.iter().any(|text| mutant.name.contains(text));
    mutants.retain(|mutant| only.is_empty() || wanted(mutant));

    let needed: BTreeSet<Tool> = all().flat_map(|check| check.needs).copied().collect();
    for tool in needed.iter().filter(|tool| !tool.installed()) {
        println!("{tool} isn't installed: what its checks would catch may be missed");
    }
    let check = subject::build_check()?;
    let judge = Judge::new(&workshop, check)?;
    let [tests, checks] = judge.limits().map(|limit| limit.as_secs());
    println!(
        "final passes; a hang is {tests} s of its tests, {checks} s of its checks\n"
    );

    let mut tally = Tally::default();
    for mutant in &mutants {
        if tally.judged() == sample {
            break;
        }
        workshop.put_in(mutant)?;
        let source = workshop.original(&mutant.file);
        let equal = equals.iter().find(|equal| equal.is(mutant, &source));
        tally.add(mutant, judge.judge()?, equal);
    }
    Ok(tally.conclude())
}

fn today() -> u64 {
    let (year, month, day) = OffsetDateTime::now_utc().to_calendar_date();
    (year as u64 * 100 + u64::from(u8::from(month))) * 100 + u64::from(day)
}

#[derive(Default)]
struct Tally<'a> {
    caught: usize,
    missed: Vec<&'a Mutant>,
    equal: usize,
    unbuilt: usize,
    /// How many each test or check caught.
    by: BTreeMap<String, usize>,
    /// Those that are caught although nobody can tell them, they say.
    wronged: usize,
}

impl<'a> Tally<'a> {
    /// Those that build and differ.
    fn judged(&self) -> usize {
        self.caught + self.missed.len()
    }

    fn add(&mut self, mutant: &'a Mutant, verdict: Verdict, equal: Option<&Equal>) {
        let said = match (verdict, equal) {
            (Verdict::Missed { .. }, Some(equal)) => {
                self.equal += 1;
                format!("equal: {}", equal.reason)
            }
            (Verdict::Caught(by), Some(_)) => {
                self.wronged += 1;
                format!("caught by {by}, but tests/mutants.toml says it is equal: WRONG")
            }
            (verdict, _) => {
                let said = verdict.to_string();
                match verdict {
                    Verdict::DoesNotBuild => self.unbuilt += 1,
                    Verdict::Missed { .. } => self.missed.push(mutant),
                    Verdict::Caught(by) => {
                        self.caught += 1;
                        *self.by.entry(by).or_default() += 1;
                    }
                }
                said
            }
        };
        println!("{:>3} {}\n    {said}", self.judged(), mutant.name);
    }

    fn conclude(&self) -> ExitCode {
        println!();
        let mut by: Vec<_> = self.by.iter().collect();
        by.sort_by_key(|(name, count)| (usize::MAX - *count, *name));
        for (name, count) in by {
            println!("{count:>5} {name}");
        }
        for mutant in &self.missed {
            println!("\nMISSED {}\n{}", mutant.name, mutant.hunks());
        }
        let Tally { caught, equal, unbuilt, wronged, .. } = self;
        println!(
            "\n{caught} caught of {} that differ, {} missed; {equal} equal, {unbuilt} don't build",
            self.judged(),
            self.missed.len(),
        );
        if *wronged > 0 {
            println!(
                "{wronged} in tests/mutants.toml are caught: they have no place there"
            );
        }
        match self.missed.is_empty() && *wronged == 0 {
            true => ExitCode::SUCCESS,
            false => ExitCode::FAILURE,
        }
    }
}
