//! The deadlines of our programs, to the tick: under a kernel whose time stands still while they run,
//! and goes on to the next thing that happens as soon as they wait.

use std::iter;
use std::sync::LazyLock;

use checks::client::http::requests::{request, upload};
use checks::hostile::{How, Trial};
use checks::kernel::Library;
use checks::server::Program;
use checks::step::{DEADLINES, Step};
use checks::subject::{self, Subject};
use recording::hostile::{Account, Act, Client, End, Fate, Script, Seen};

static LIBRARY: LazyLock<Library> =
    LazyLock::new(|| Library::build().expect("the kernel builds"));
static SUBJECTS: LazyLock<Vec<Subject>> =
    LazyLock::new(|| subject::build().expect("our programs build"));

/// With each poller that they have.
fn programs() -> impl Iterator<Item = (Program, Step)> {
    let subjects = SUBJECTS.iter().filter(|subject| subject.step >= DEADLINES);
    subjects.flat_map(|subject| subject.programs().map(|program| (program, subject.step)))
}

/// How much of a body or a response has to move within each deadline.
const QUOTA: usize = 16 * 1024;
/// A deadline passes at most this part of the patience late.
const LATE: u64 = 32;

/// What a client does, and what is to become of it. A thousand is the whole patience.
struct Case {
    /// What is said of the client.
    name: &'static str,
    acts: Vec<Does>,
    /// The statuses of the responses.
    gets: &'static [&'static str],
    /// When the server's end comes, and when the server closes its socket: if it lingers in
    /// between, a whole patience later. The first is none for a client that doesn't see it.
    ends: Option<u64>,
    closed: u64,
}

enum Does {
    /// What it does then.
    At(u64, Act),
    /// It reads so many bytes at most, and again after so long.
    Reads(usize, u64),
}

use Does::{At, Reads};

fn sends(time: u64, bytes: impl AsRef<[u8]>) -> Does {
    At(time, Act::Send(bytes.as_ref().into()))
}

/// The same bytes, so many times, each so long after the last.
fn again(times: u64, pause: u64, bytes: &[u8]) -> impl Iterator<Item = Does> {
    (1..=times).map(move |number| sends(number * pause, bytes))
}

fn post(fields: &str) -> String {
    upload("/p", fields)
}

const HALF: &str = "GET / HTTP/1.1\r\nHost: localhost\r\n";
const NO_HOST: &str = "GET / HTTP/1.1\r\n\r\n";

/// Cases that end without a refusal.
fn quiet_cases() -> Vec<Case> {
    let case =
        |name, acts, gets, closed| Case { name, acts, gets, ends: Some(closed), closed };
    let large = request("GET", "/large.bin");
    let unread = |name, reading, closed| Case {
        name,
        acts: vec![reading, sends(500, &large)],
        gets: &[],
        ends: None,
        closed,
    };
    let first = sends(0, post(&format!("Content-Length: {}", 10 * QUOTA)));
    let slowly = iter::once(first).chain(again(10, 990, &[b'x'; QUOTA])).collect();
    let in_time = vec![sends(0, HALF), sends(998, "\r\n")];
    let asks = vec![sends(500, request("GET", "/"))];
    vec![
        case("says nothing", vec![], &[], 1000),
        case("asks, and says nothing more", asks, &["200"], 1500),
        case("ends a head in time", in_time, &["200"], 1998),
        case("sends a body slowly", slowly, &["201"], 10_900),
        unread("stops reading", At(0, Act::StopReading), 1500),
        Case {
            gets: &["200"],
            ..unread("reads too little each time", Reads(QUOTA / 2, 900), 1500)
        },
    ]
}

/// Cases that end with a refusal, after which the server lingers.
fn refused_cases() -> Vec<Case> {
    let case = |name, acts: Vec<Does>, gets, ends| Case {
        name,
        acts,
        gets,
        ends: Some(ends),
        closed: ends + 1000,
    };
    let with = |first, more: Vec<Does>| iter::once(first).chain(more).collect();
    // Some at each moment in which the deadline may pass.
    let then = |thousandth: u64| sends(1000 + thousandth, "x");
    let drips = || again(10, 100, b"x").chain((1..40).map(then)).collect();
    let (small, large) = (post("Content-Length: 9"), post("Content-Length: 100000"));
    let unwanted = upload("/", "Content-Length: 9") + "x";
    let told = post("Expect: 100-continue\r\nContent-Length: 9");
    let cut_at = |head: &str, time| vec![sends(0, &head[..5]), sends(time, &head[5..])];
    let too_little = again(2, 400, &[b'x'; QUOTA - 1000]);
    let too_little = too_little.chain([sends(1300, "x")]).collect();
    vec![
        case("begins a head late", vec![sends(500, "G")], &["408"], 1500),
        case("drips a head", with(sends(0, HALF), drips()), &["408"], 1000),
        case(
            "begins a second head",
            vec![sends(500, request("GET", "/") + HALF)],
            &["200", "408"],
            1500,
        ),
        case("begins a body", vec![sends(0, small.clone() + "x")], &["408"], 1000),
        case("begins a body nobody wants", vec![sends(0, unwanted)], &["408"], 1000),
        case("begins a body late", cut_at(&small, 900), &["408"], 1900),
        case("is told to go on", cut_at(&told, 900), &["100", "408"], 1900),
        case("drips a body", with(sends(0, &large), drips()), &["408"], 1000),
        case("sends too little", with(sends(0, &large), too_little), &["408"], 1800),
        case("is refused", vec![sends(500, NO_HOST)], &["400"], 500),
        case("is refused and goes on", with(sends(0, NO_HOST), drips()), &["400"], 0),
    ]
}

impl Case {
    /// Its client, which stays until long after, if the patience is so many seconds.
    fn client(&self, patience: u32) -> Client {
        let milliseconds = |time: u64| time * u64::from(patience);
        let (mut acts, mut now) = (vec![Act::Connect], 0);
        for does in &self.acts {
            match does {
                At(time, act) => {
                    acts.extend([Act::Wait(milliseconds(time - now)), act.clone()]);
                    now = *time;
                }
                Reads(bytes, pause) => {
                    let (bytes, pause) = (*bytes, milliseconds(*pause));
                    acts.push(Act::ReadSlowly { bytes, pause });
                }
            }
        }
        acts.push(Act::Wait(milliseconds(100_000)));
        Client { name: self.name.to_string(), acts }
    }

    /// What is wrong with it.
    fn faults(&self, seen: &Seen, patience: u32) -> Vec<String> {
        let nanoseconds = |time: u64| time * u64::from(patience) * 1_000_000;
        let mut faults = Vec::new();
        let statuses = statuses(seen);
        if statuses != self.gets {
            faults.push(format!("gets {statuses:?}, and not {:?}", self.gets));
        }
        let mut expect = |what, time: Option<u64>, due: u64| {
            let late = time.map(|time| time as i64 - due as i64);
            let most = nanoseconds(1000) / LATE;
            if late.is_none_or(|late| !(0..=most as i64).contains(&late)) {
                let late = late.map(|late| late / 1_000_000);
                faults.push(format!("{what}, which is late by {late:?} ms"));
            }
        };
        if let Some(ends) = self.ends {
            expect("sees the end", seen.ended, nanoseconds(ends));
        }
        // What follows a deadline begins when that passed.
        let began =
            seen.ended.filter(|_| self.ends.is_some_and(|ends| ends < self.closed));
        let due = match began {
            Some(began) => began + nanoseconds(1000),
            None => nanoseconds(self.closed),
        };
        expect("is closed", seen.closed, due);
        faults
    }
}

fn statuses(seen: &Seen) -> Vec<String> {
    let text = String::from_utf8_lossy(&seen.received.0);
    let responses = text.split("HTTP/1.1 ").skip(1);
    responses.map(|response| response.chars().take(3).collect()).collect()
}

fn run(program: &Program, step: Step, patience: u32, clients: Vec<Client>) -> Account {
    let trial = Trial::new(&LIBRARY, program, step);
    let trial = trial.expect("its files can be written");
    let how = How { seed: 0, faults: false, traced: false, patience };
    let ending = trial.witness(how, &Script { clients }).expect("it runs");
    let account = ending.account.expect("a report");
    assert_eq!(account.outcome, Fate::Sleeps, "step {step}");
    account
}

#[test]
fn deadlines_pass_to_the_tick() {
    let cases: Vec<Case> = quiet_cases().into_iter().chain(refused_cases()).collect();
    let mut faults = Vec::new();
    for (program, step) in programs() {
        for patience in [1, 7, 30, 300] {
            let clients = cases.iter().map(|case| case.client(patience)).collect();
            let account = run(&program, step, patience, clients);
            for (case, seen) in cases.iter().zip(&account.clients) {
                let name = case.name;
                faults.extend(case.faults(seen, patience).into_iter().map(|fault| {
                    format!("step {step}, {patience} s: who {name} {fault}")
                }));
            }
        }
    }
    assert!(faults.is_empty(), "\n{}", faults.join("\n"));
}

/// What its socket takes at a time is more than a client reads within a deadline: poll(2) says that
/// there is room only when a third of the buffer is free. The steps let that client go.
#[test]
fn a_reader_that_gets_on_gets_every_byte() {
    for (program, step) in programs().filter(|(_, step)| *step == Step::FINAL) {
        let acts = vec![Reads(QUOTA, 990), sends(0, request("GET", "/large.bin"))];
        let (gets, ends, closed) = (&["200"], None, 0);
        let case = Case { name: "A", acts, gets, ends, closed };
        let account = run(&program, step, 30, vec![case.client(30)]);
        let seen = &account.clients[0];
        let body = seen.received.0.iter().filter(|byte| **byte == b'x').count();
        assert!(body >= 1 << 20, "step {step}: {body} bytes");
        assert_eq!(seen.end, End::Ended, "step {step}");
    }
}
