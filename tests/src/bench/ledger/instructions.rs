//! How many instructions of the server's own a request takes, without the kernel's: counted by
//! callgrind while the program `rounds` drives a connection that has no socket.

use std::fs::File;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use tempfile::TempDir;

use super::callgrind::{Instructions, Profile};
use crate::bench::cannot_run;
use crate::bench::generator::SUCCESS;
use crate::bench::servers;
use crate::subject;

/// What a client sends in one write, again and again.
pub struct Case {
    pub name: &'static str,
    request: &'static str,
    /// How many requests that are.
    depth: usize,
    /// How many instructions a request should take at most.
    pub aim: Option<u64>,
}

const FILE: &str = "hello.txt";
const SMALL: &str = "GET /hello.txt HTTP/1.1\r\nHost: localhost:8080\r\n\r\n";
/// As Chromium sends it.
const BROWSER: &str = "GET /hello.txt HTTP/1.1\r\n\
    Host: localhost:8080\r\n\
    Connection: keep-alive\r\n\
    sec-ch-ua: \"Chromium\";v=\"142\", \"Not_A Brand\";v=\"99\"\r\n\
    sec-ch-ua-mobile: ?0\r\n\
    sec-ch-ua-platform: \"Linux\"\r\n\
    Upgrade-Insecure-Requests: 1\r\n\
    User-Agent: Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) \
    Chrome/142.0.0.0 Safari/537.36\r\n\
    Accept: text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,\
    */*;q=0.8\r\n\
    Sec-Fetch-Site: none\r\n\
    Sec-Fetch-Mode: navigate\r\n\
    Sec-Fetch-User: ?1\r\n\
    Sec-Fetch-Dest: document\r\n\
    Accept-Encoding: gzip, deflate, br\r\n\
    Accept-Language: en-US,en;q=0.9\r\n\r\n";

pub const CASES: &[Case] = &[
    Case { name: "a small GET", request: SMALL, depth: 1, aim: Some(3500) },
    Case { name: "a browser's GET", request: BROWSER, depth: 1, aim: Some(9000) },
    Case { name: "one of 16 pipelined", request: SMALL, depth: 16, aim: None },
];

/// A request for the same path with the fields that a browser sends.
pub fn as_a_browser(request: &[u8]) -> Vec<u8> {
    let line = memchr::memmem::find(request, b"\r\n").unwrap_or(request.len());
    let fields = BROWSER.find("\r\n").unwrap_or(BROWSER.len());
    [&request[..line], &BROWSER.as_bytes()[fields..]].concat()
}

/// How many bytes an idle connection should take at most.
pub const IDLE_AIM: u64 = 170;

/// What the server does once, before its caches are warm.
const WARM: usize = 100;
/// How many rounds are counted.
const ROUNDS: usize = 1000;
/// The server looks at a file again, and formats the date, when time has passed. The fewest
/// instructions of so many runs have the least of that.
const RUNS: usize = 3;

/// Counts for one request.
pub struct Counted {
    pub instructions: f64,
    /// In no order.
    pub functions: Vec<Function>,
}

pub struct Function {
    pub name: String,
    pub own: f64,
    pub inclusive: f64,
}

/// What is needed to count.
pub struct Counter {
    valgrind: PathBuf,
    rounds: PathBuf,
    /// What opens files where valgrind doesn't know openat2(2).
    openat2: PathBuf,
    own: TempDir,
}

impl Counter {
    /// Builds the program whose instructions are counted.
    pub fn new(valgrind: &Path) -> io::Result<Counter> {
        installed(valgrind)?;
        let own = tempfile::tempdir()?;
        std::fs::create_dir(own.path().join("site"))?;
        std::fs::write(own.path().join("site").join(FILE), "hello, world\n")?;
        let openat2 = subject::build_library("openat2")?;
        Ok(Counter {
            valgrind: valgrind.into(),
            rounds: servers::rounds()?,
            openat2,
            own,
        })
    }

    pub fn count(&self, case: &Case) -> io::Result<Counted> {
        let few = self.fewest(case, WARM)?;
        let many = self.fewest(case, WARM + ROUNDS)?;
        let requests = (ROUNDS * case.depth) as f64;
        let each = |many: u64, few: u64| (many as f64 - few as f64) / requests;
        let mut functions = Vec::new();
        for (name, many) in &many.functions {
            let few = few.functions.get(name).copied().unwrap_or_default();
            let Instructions { own, inclusive } = *many;
            functions.push(Function {
                name: name.clone(),
                own: each(own, few.own),
                inclusive: each(inclusive, few.inclusive),
            });
        }
        Ok(Counted { instructions: each(many.total, few.total), functions })
    }

    /// How many bytes the event loop has for a connection that is idle.
    pub fn idle_connection(&self) -> io::Result<u64> {
        let output = Command::new(&self.rounds).output()?;
        let text = String::from_utf8_lossy(&output.stdout);
        text.trim().parse().map_err(|_| io::Error::other("rounds prints no size"))
    }

    fn fewest(&self, case: &Case, rounds: usize) -> io::Result<Profile> {
        let runs: io::Result<Vec<_>> =
            (0..RUNS).map(|_| self.profile(case, rounds)).collect();
        let fewest = runs?.into_iter().min_by_key(|profile| profile.total);
        Ok(fewest.expect("there are runs"))
    }

    fn profile(&self, case: &Case, rounds: usize) -> io::Result<Profile> {
        let input = case.request.repeat(case.depth);
        let (profile, output) = self.run(input.as_bytes(), rounds)?;
        let answers = memchr::memmem::find_iter(&output, SUCCESS).count();
        if answers != case.depth {
            let (name, depth) = (case.name, case.depth);
            let sentence = format!("{name}: {answers} of {depth} answers were a 200");
            return Err(io::Error::other(sentence));
        }
        Profile::read(&std::fs::read_to_string(profile)?)
    }

    /// How many instructions what a client sends takes, whatever the answer.
    pub fn each(&self, input: &[u8]) -> io::Result<f64> {
        const FEW: usize = 4;
        const MANY: usize = 24;
        let total = |rounds| {
            let (profile, _) = self.run(input, rounds)?;
            Ok::<_, io::Error>(Profile::read(&std::fs::read_to_string(profile)?)?.total)
        };
        let (few, many) = (total(FEW)?, total(MANY)?);
        Ok((many as f64 - few as f64) / (MANY - FEW) as f64)
    }

    /// The file with the profile of so many rounds, and what was answered in the first.
    fn run(&self, sent: &[u8], rounds: usize) -> io::Result<(PathBuf, Vec<u8>)> {
        let in_own = |name: &str| self.own.path().join(name);
        let (input, profile) = (in_own("input"), in_own("profile"));
        File::create(&input)?.write_all(sent)?;
        let output = Command::new(&self.valgrind)
            .arg("--tool=callgrind")
            .arg(format!("--callgrind-out-file={}", profile.display()))
            .arg(&self.rounds)
            .arg(in_own("site"))
            .arg(rounds.to_string())
            .env("LD_PRELOAD", &self.openat2)
            .stdin(File::open(&input)?)
            .output()
            .map_err(|error| cannot_run("valgrind", &error))?;
        if !output.status.success() {
            let said = String::from_utf8_lossy(&output.stderr);
            return Err(io::Error::other(format!("rounds: {}\n{said}", output.status)));
        }
        Ok((profile, output.stdout))
    }
}

/// An error that says so if this valgrind can't be run.
pub fn installed(valgrind: &Path) -> io::Result<()> {
    let status = Command::new(valgrind).arg("--version").stdout(Stdio::null()).status();
    let program = valgrind.display().to_string();
    match status.map_err(|error| cannot_run(&program, &error))? {
        status if status.success() => Ok(()),
        status => Err(io::Error::other(format!("{program} --version: {status}"))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_browser_sends_as_much_as_browsers_do() {
        assert!((550..650).contains(&BROWSER.len()), "{}", BROWSER.len());
        assert!(BROWSER.ends_with("\r\n\r\n") && !BROWSER.contains("  "));
    }

    #[test]
    fn a_browser_asks_for_the_same_path() {
        let request = as_a_browser(b"GET / HTTP/1.1\r\nHost: a\r\n\r\n");
        let text = String::from_utf8(request).unwrap();
        assert_eq!(text.replacen("GET / ", "GET /hello.txt ", 1), BROWSER);
    }

    #[test]
    fn a_valgrind_that_is_missing_or_fails_is_an_error() {
        let missing = installed(Path::new("no-such-valgrind")).unwrap_err();
        assert_eq!(missing.to_string(), "no-such-valgrind isn't installed");
        let fails = installed(Path::new("false")).unwrap_err();
        assert!(fails.to_string().starts_with("false --version: exit"), "{fails}");
    }

    fn counter(valgrind: &str) -> Counter {
        let own = tempfile::tempdir().unwrap();
        let [rounds, openat2] = ["rounds", "openat2"].map(PathBuf::from);
        Counter { valgrind: valgrind.into(), rounds, openat2, own }
    }

    /// `true` succeeds and counts nothing; `false` is as a program that has failed.
    #[test]
    fn a_run_without_answers_is_an_error_and_no_count() {
        for (program, sentence) in [
            ("true", "one of 16 pipelined: 0 of 16 answers were a 200"),
            ("false", "rounds: exit status: 1"),
        ] {
            let error = counter(program).count(&CASES[2]).err().expect("an error");
            assert!(error.to_string().starts_with(sentence), "{error}");
        }
        let error = counter("no-such-valgrind").count(&CASES[0]).err().unwrap();
        assert_eq!(error.to_string(), "valgrind isn't installed");
    }
}
