//! The system calls of a server, as `strace` writes them down.

use std::collections::HashMap;
use std::ffi::OsString;
use std::fmt;
use std::path::Path;

/// One system call; its result is empty while it hasn't returned.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Call {
    pub thread: u32,
    pub name: String,
    pub args: String,
    pub result: String,
}

impl fmt::Display for Call {
    fn fmt(&self, out: &mut fmt::Formatter) -> fmt::Result {
        let args: String = self.args.chars().take(60).collect();
        let more = if args.len() < self.args.len() { "…" } else { "" };
        write!(out, "{}({args}{more}) = {}", self.name, self.result)
    }
}

impl Call {
    /// Whether it has one of these names, which are separated by commas.
    pub fn is_one_of(&self, names: &str) -> bool {
        names.split(',').any(|name| name == self.name)
    }

    /// Whether its first argument is this descriptor.
    pub fn is_on(&self, descriptor: &str) -> bool {
        let first = self.args.split([',', ' ']).next();
        first.is_some_and(|first| !first.is_empty() && first == descriptor)
    }

    /// Whether it gave a number that is no error.
    pub fn succeeded(&self) -> bool {
        self.result.bytes().all(|digit| digit.is_ascii_digit()) && !self.result.is_empty()
    }
}

/// What `strace` can make go wrong: calls that fail without being made.
#[derive(Clone, Copy, Debug)]
pub struct Fault {
    /// Separated by commas.
    pub calls: &'static str,
    pub error: &'static str,
    /// Which calls of each thread, in the words of `strace`: `1`, `2..4`, `3+2`.
    pub when: &'static str,
}

/// All the calls that wait for readiness.
pub const WAITS: &str = "poll,ppoll,epoll_wait,epoll_pwait,epoll_pwait2,select,pselect6";
pub const ACCEPTS: &str = "accept,accept4";

/// The command before the server's own.
pub fn command(log: &Path, faults: &[Fault]) -> Vec<OsString> {
    let mut words: Vec<OsString> = vec!["strace".into(), "-f".into(), "-qq".into()];
    words.extend(["-s".into(), "64".into(), "-o".into(), log.into()]);
    for fault in faults {
        let Fault { calls, error, when } = fault;
        words.push("-e".into());
        words.push(format!("inject={calls}:error={error}:when={when}").into());
    }
    words.push("--".into());
    words
}

/// The same for a terminal, where it shows all calls.
pub fn by_hand(faults: &[Fault]) -> String {
    let mut text = String::from("strace -f ");
    for Fault { calls, error, when } in faults {
        text.push_str(&format!("-e inject={calls}:error={error}:when={when} "));
    }
    text
}

/// The calls in the order in which they began.
pub fn parse(log: &str) -> Vec<Call> {
    let mut calls: Vec<Call> = Vec::new();
    let mut unfinished: HashMap<u32, usize> = HashMap::new();
    for line in log.lines() {
        let Some((thread, rest)) = thread_and_rest(line) else {
            continue;
        };
        if let Some(rest) = rest.strip_prefix("<... ") {
            let resumed = rest.split_once(" resumed>");
            let (Some(at), Some((_, rest))) = (unfinished.remove(&thread), resumed)
            else {
                continue;
            };
            let (args, result) = args_and_result(rest);
            calls[at].args.push_str(args);
            calls[at].result = result.to_string();
            continue;
        }
        let Some((name, rest)) = rest.split_once('(') else {
            continue;
        };
        if name.starts_with(['+', '-']) {
            continue;
        }
        let (args, result) = match rest.strip_suffix("<unfinished ...>") {
            Some(args) => {
                unfinished.insert(thread, calls.len());
                (args, "")
            }
            None => args_and_result(rest),
        };
        calls.push(Call {
            thread,
            name: name.to_string(),
            args: args.to_string(),
            result: result.to_string(),
        });
    }
    calls
}

fn thread_and_rest(line: &str) -> Option<(u32, &str)> {
    let (thread, rest) = line.split_once(' ')?;
    Some((thread.parse().ok()?, rest.trim_start()))
}

fn args_and_result(text: &str) -> (&str, &str) {
    let Some(at) = text.rfind(" = ") else {
        return (text, "");
    };
    let args = text[..at].trim_end();
    (args.strip_suffix(')').unwrap_or(args), &text[at + 3..])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn calls_are_whole_again() {
        let log = "\
7 accept4(3, NULL, NULL, SOCK_CLOEXEC <unfinished ...>
8 write(4, \"a = b\", 5)                 = 5
7 <... accept4 resumed>) = -1 ECONNABORTED (Software caused connection abort) (INJECTED)
8 poll([{fd=3, events=POLLIN}], 1, -1 <unfinished ...>
7 --- SIGTERM {si_signo=SIGTERM} ---
7 +++ exited with 0 +++
";
        let calls = parse(log);
        let names: Vec<&str> = calls.iter().map(|call| call.name.as_str()).collect();
        assert_eq!(names, ["accept4", "write", "poll"]);
        assert_eq!(calls[0].args, "3, NULL, NULL, SOCK_CLOEXEC ");
        assert!(calls[0].result.starts_with("-1 ECONNABORTED"));
        assert_eq!(calls[1].args, "4, \"a = b\", 5");
        assert_eq!(calls[1].result, "5");
        assert_eq!(calls[2].result, "");
    }
}
