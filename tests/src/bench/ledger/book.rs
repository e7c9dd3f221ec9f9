//! The ledger: for each step, what a request costs in counts.

use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::bench::figures::Machine;
use crate::bench::kept;

/// Where the ledger is kept, and what is measured for the book besides.
pub fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../book/measured")
}

/// A conversation whose requests are counted. One client asks, and asks again when it has its
/// answer, so that a server does the same for each.
pub struct Case {
    pub key: &'static str,
    /// What stands above its column.
    pub name: &'static str,
    /// The load whose request it is.
    pub load: &'static str,
    /// Whether the head of the request is as long as a browser's.
    pub is_browser: bool,
    /// Whether its system calls are counted too: they may be another case's.
    pub has_calls: bool,
}

pub const CASES: &[Case] = &[
    case("small", "a small GET", "small"),
    Case {
        is_browser: true,
        has_calls: false,
        ..case("browser", "a browser's GET", "small")
    },
    case("pipelined", "one of 16 pipelined", "pipelined"),
    case("new", "on its own connection", "new"),
    Case { has_calls: false, ..case("idle", "beside 1,000 idle", "idle-1000") },
];

const fn case(key: &'static str, name: &'static str, load: &'static str) -> Case {
    Case { key, name, load, is_browser: false, has_calls: true }
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Ledger {
    pub machine: Machine,
    /// As in rustc 1.95.0.
    pub compiler: String,
    pub rows: Vec<Row>,
}

/// What requests cost one server, by the keys of the cases. What it can't do is missing.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Row {
    pub server: String,
    /// In user space.
    pub instructions: BTreeMap<String, f64>,
    pub calls: BTreeMap<String, f64>,
}

impl Ledger {
    const FILE: &str = "ledger.json";

    /// The one that the book shows.
    pub fn kept() -> io::Result<Ledger> {
        Ledger::read(&folder())
    }

    pub fn read(folder: &Path) -> io::Result<Ledger> {
        kept::read(&folder.join(Ledger::FILE))
    }

    pub fn write(&self, folder: &Path) -> io::Result<()> {
        kept::write(&folder.join(Ledger::FILE), self)
    }

    pub fn row(&self, server: &str) -> Option<&Row> {
        self.rows.iter().find(|row| row.server == server)
    }
}

/// What a row has more of than it should, given what another has: each count may be larger than
/// the other's by the ratio that the ledger has for the two, and by `margin` of that.
///
/// Compilers differ in how many instructions they need, and hardly in the ratio.
pub fn excess(ledger: [&Row; 2], now: [&Row; 2], margin: f64) -> Vec<String> {
    type Counts = fn(&Row) -> &BTreeMap<String, f64>;
    let kinds: [(&str, Counts); 2] =
        [("instructions", |row| &row.instructions), ("system calls", |row| &row.calls)];
    let mut found = Vec::new();
    for (what, of) in kinds {
        let ratio = |[old, new]: [&Row; 2], key: &str| {
            Some((of(new).get(key)? / of(old).get(key)?, *of(new).get(key)?))
        };
        for key in of(ledger[1]).keys() {
            let Some((expected, _)) = ratio(ledger, key) else { continue };
            let Some((ratio, count)) = ratio(now, key) else {
                found.push(format!("{key}: no {what} were counted"));
                continue;
            };
            if ratio > expected * (1.0 + margin) {
                let [old, new] = now.map(|row| &row.server);
                found.push(format!(
                    "{key}: a request to {new} takes {count:.2} {what}, {ratio:.3} of {old}'s; in \
                     the ledger it is {expected:.3}"
                ));
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::super::super::figures::Machine;
    use super::*;

    fn row(server: &str, instructions: f64, calls: f64) -> Row {
        let counts = |count| BTreeMap::from([("small".to_string(), count)]);
        let (instructions, calls) = (counts(instructions), counts(calls));
        Row { server: server.into(), instructions, calls }
    }

    #[test]
    fn what_is_written_is_read_again() {
        let folder = tempfile::tempdir().unwrap();
        let ledger = Ledger {
            machine: Machine::here().unwrap(),
            compiler: "rustc 1".into(),
            rows: vec![row("step6", 1234.5, 3.0)],
        };
        ledger.write(folder.path()).unwrap();
        assert_eq!(Ledger::read(folder.path()).unwrap(), ledger);
        assert!(ledger.row("step6").is_some() && ledger.row("step7").is_none());
        let error = Ledger::read(&folder.path().join("no")).unwrap_err();
        assert!(error.to_string().contains("no/ledger.json: "), "{error}");
    }

    #[test]
    fn a_step_may_cost_what_the_ledger_says_and_little_more() {
        let kept = [row("step13", 1000.0, 3.0), row("step14", 1100.0, 3.0)];
        let excess = |old, new, calls| {
            let now = [row("step13", old, 3.0), row("step14", new, calls)];
            excess([&kept[0], &kept[1]], [&now[0], &now[1]], 0.05)
        };
        assert_eq!(excess(1000.0, 1150.0, 3.0), [""; 0]);
        // Another compiler needs twice as many for both.
        assert_eq!(excess(2000.0, 2300.0, 3.0), [""; 0]);
        assert_eq!(excess(1000.0, 900.0, 2.0), [""; 0]);
        assert_eq!(
            excess(1000.0, 1160.0, 4.0),
            [
                "small: a request to step14 takes 1160.00 instructions, 1.160 of step13's; in the \
                 ledger it is 1.100",
                "small: a request to step14 takes 4.00 system calls, 1.333 of step13's; in the \
                 ledger it is 1.000",
            ]
        );
    }

    #[test]
    fn a_count_that_is_missing_is_no_success() {
        let kept = [row("step13", 1000.0, 3.0), row("step14", 1100.0, 3.0)];
        let now = [row("step13", 1000.0, 3.0), Row::default()];
        let found = excess([&kept[0], &kept[1]], [&now[0], &now[1]], 0.05);
        assert_eq!(found.len(), 2, "{found:?}");
    }
}
