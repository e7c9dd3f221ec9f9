//! Our programs under the hostile kernel: whatever Linux may do to them, every byte is
//! accounted for. And the hostile kernel itself: what is wrong with a server it finds, and the
//! same seed is the same run.

use std::ops::Range;
use std::process::Command;
use std::sync::LazyLock;

use checks::hostile::{FOR_EVER, How, SPARED, Trial, Verdict};
use checks::kernel::Library;
use checks::server::Program;
use checks::step::Step;
use checks::subject::{self, Subject};
use recording::Asked;
use recording::hostile::{Account, Act, Client, End, Fate, Script};

static LIBRARY: LazyLock<Library> =
    LazyLock::new(|| Library::build().expect("the kernel builds"));
static SUBJECTS: LazyLock<Vec<Subject>> =
    LazyLock::new(|| subject::build().expect("our programs build"));
/// The first step that is to lose nothing.
const FIRST: Step = Step(3);
/// How many seeds find a flaw.
const DOZENS: u64 = 36;

fn trial(program: &Program, step: Step) -> Trial<'_> {
    Trial::new(&LIBRARY, program, step).expect("its files can be written")
}

fn subjects() -> impl Iterator<Item = &'static Subject> {
    SUBJECTS.iter().filter(|subject| subject.step >= FIRST)
}

fn try_seeds(seeds: Range<u64>) {
    let mut failures = String::new();
    let programs = subjects()
        .flat_map(|subject| subject.programs().map(|program| (program, subject.step)));
    for (program, step) in programs {
        let mut trial = trial(&program, step);
        trial.without = SPARED.iter().map(|(fault, _)| *fault).collect();
        for seed in seeds.clone() {
            match trial.run(seed).expect("it runs") {
                Verdict::Passed(_) => {}
                Verdict::Failed(complaint, ending) => {
                    failures.push_str(&trial.words(seed, &complaint, &ending));
                }
                Verdict::Elsewhere(ending) => panic!("no socket: {ending:?}"),
            }
        }
    }
    assert!(failures.is_empty(), "\n{failures}");
}

#[test]
fn every_byte_is_accounted_for() {
    try_seeds(0..DOZENS);
}

#[test]
#[ignore = "the long tier: cargo test --no-fail-fast -- --ignored"]
fn every_byte_of_hundreds_of_seeds_is_accounted_for() {
    try_seeds(DOZENS..200);
}

#[test]
fn the_same_seed_is_the_same_run() {
    for subject in subjects() {
        let trial = trial(&subject.program, subject.step);
        for seed in [1, 7] {
            let script = trial.plan(seed).script;
            let run = || {
                let how = How { seed, faults: true, traced: true, patience: FOR_EVER };
                let ending = trial.witness(how, &script).expect("it runs");
                serde_json::to_string(&ending.account).expect("it can be written down")
            };
            assert!(run() == run(), "step {}, seed {seed}", subject.step);
        }
    }
}

const FLAWED: &str = env!("CARGO_BIN_EXE_flawed");

/// What the first seed that finds it says of a flaw.
fn found(flaw: &str, step: Step) -> Option<String> {
    let program = Program::new([FLAWED, flaw]);
    let trial = trial(&program, step);
    (0..DOZENS).find_map(|seed| match trial.run(seed).expect("it runs") {
        Verdict::Failed(complaint, ending) => {
            Some(trial.words(seed, &complaint, &ending))
        }
        Verdict::Passed(_) => None,
        Verdict::Elsewhere(ending) => panic!("no socket: {ending:?}"),
    })
}

#[test]
fn a_flaw_is_found_and_told_with_its_line() {
    assert_eq!(found("none", FIRST), None);
    for (flaw, step, says) in [
        ("loses-what-is-not-taken", FIRST, " gets "),
        ("spins-when-full", FIRST, "It spins: "),
        ("dies-of-a-failed-accept", FIRST, "The program ended."),
        ("dies-of-an-interruption", FIRST, "The program ended."),
        ("ends-when-unready", FIRST, " gets "),
        ("drops-leftovers", Step(4), " gets "),
    ] {
        let words = found(flaw, step);
        let words = words.unwrap_or_else(|| panic!("{flaw}: no seed finds it"));
        assert!(words.contains(says), "{flaw}: {words}");
        assert!(words.contains("toys/flawed.rs:"), "{flaw}: {words}");
        assert!(words.contains(&format!("-- {FLAWED} {flaw}")), "{flaw}: {words}");
    }
}

#[test]
fn thirty_seconds_pass_at_once() {
    let program = Program::new([env!("CARGO_BIN_EXE_deadline")]);
    let client = |name: &str, start| Client {
        name: name.to_string(),
        acts: vec![Act::Wait(start), Act::Connect, Act::Rest, Act::Wait(40_000)],
    };
    let clients = vec![client("A", 0), client("B", 1), client("C", 5000)];
    let how = How { seed: 0, faults: false, traced: false, patience: FOR_EVER };
    let ending = trial(&program, FIRST).witness(how, &Script { clients });
    let account: Account = ending.expect("it runs").account.expect("a report");
    assert_eq!(account.outcome, Fate::Sleeps);
    let ends: Vec<(End, Option<u64>)> =
        account.clients.iter().map(|client| (client.end, client.ended)).collect();
    let at = |milliseconds: u64| (End::Ended, Some(milliseconds * 1_000_000));
    assert_eq!(ends, [at(30_000), at(30_001), at(35_000)]);
    assert_eq!(account.duration, 45_000 * 1_000_000);
    // Std looks at the first three descriptors before main.
    let polls = account.last.iter().filter(|it| match &it.call.asked {
        Asked::Poll { entries, .. } => entries.iter().all(|entry| entry.fd > 2),
        _ => false,
    });
    assert_eq!(polls.count(), 6, "one for each client's coming and going");
    assert!(account.last.len() < 40, "all calls are there");
}

fn check(arguments: &[&str]) -> (Option<i32>, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_check")).args(arguments).output();
    let output = output.expect("check runs");
    (output.status.code(), String::from_utf8_lossy(&output.stdout).into_owned())
}

#[test]
fn a_seed_is_run_alone() {
    let (code, said) = check(&["3", "--seed", "5", "--", FLAWED, "none"]);
    assert_eq!(code, Some(0), "{said}");
    assert!(said.starts_with("✓ seed 5: "), "{said}");
    let (code, said) = check(&["3", "--seeds", "5..8", "--", FLAWED, "none"]);
    assert_eq!((code, said.as_str()), (Some(0), "Step 3: 3 seeds passed, 0 failed\n"));
    let flaw = "loses-what-is-not-taken";
    let (code, said) = check(&["3", "--seeds", "36", "--", FLAWED, flaw]);
    assert_eq!(code, Some(1), "{said}");
    assert!(said.contains("✗ seed ") && said.contains("  Again: check 3 "), "{said}");
}

#[test]
fn a_program_that_this_kernel_never_sees_is_told() {
    let (code, said) = check(&["3", "--seed", "0", "--", "true"]);
    assert_eq!(code, Some(1));
    let never = "The program never asked the hostile kernel for a socket. It ended: exit";
    assert!(said.starts_with(never), "{said}");
}
