//! All that a measurement gave, as it is kept.

use std::io;
use std::path::Path;

use serde::{Deserialize, Serialize};

use super::Machine;
use super::series::{Round, Series, rounded};
use crate::bench::kept;
use crate::bench::loads::Load;
use crate::evidence::spread::Spread;

/// A measurement. Its file is the JSON of this.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Report {
    pub machine: Machine,
    pub setting: Setting,
    pub loads: Vec<Loaded>,
    pub starts: Vec<Start>,
}

#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Setting {
    pub connections: usize,
    /// How long a round lasts.
    pub seconds: u64,
    pub rounds: usize,
    pub runs: usize,
}

/// What a load cost all servers.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Loaded {
    /// The load's key.
    pub load: String,
    pub name: String,
    pub depth: usize,
    pub idle: usize,
    pub servers: Vec<Series>,
    pub skipped: Vec<Skipped>,
}

/// A server that a load wasn't tried on, or that failed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Skipped {
    pub server: String,
    pub why: String,
    /// It was tried, and failed.
    pub failed: bool,
}

/// How long a server took from its start to its first answer.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Start {
    pub server: String,
    pub ms: Vec<f64>,
}

impl Report {
    pub fn read(file: &Path) -> io::Result<Report> {
        kept::read(file)
    }

    pub fn write(&self, file: &Path) -> io::Result<()> {
        kept::write(file, self)
    }

    /// The load's figures.
    pub fn of(&self, load: &str) -> Option<&Loaded> {
        self.loads.iter().find(|loaded| loaded.load == load)
    }
}

impl Loaded {
    /// Nothing yet.
    pub fn of(load: &Load) -> Loaded {
        Loaded {
            load: load.key.clone(),
            name: load.name.clone(),
            depth: load.depth,
            idle: load.idle,
            servers: Vec::new(),
            skipped: Vec::new(),
        }
    }

    pub fn is_skipped(&self, server: &str) -> bool {
        self.skipped.iter().any(|skipped| skipped.server == server)
    }

    /// Adds a run. A server's first makes its series.
    pub fn add(&mut self, server: &str, rounds: Vec<Round>) {
        let at = self.servers.iter().position(|series| series.server == server);
        let at = at.unwrap_or_else(|| {
            self.servers.push(Series {
                server: server.into(),
                calls: None,
                doubts: Vec::new(),
                runs: Vec::new(),
            });
            self.servers.len() - 1
        });
        self.servers[at].runs.push(rounds);
        self.servers[at].judge();
    }

    /// The system calls of a request.
    pub fn count(&mut self, server: &str, calls: f64) {
        let mut series = self.servers.iter_mut();
        if let Some(series) = series.find(|series| series.server == server) {
            series.calls = Some(rounded(calls, 4));
        }
    }

    /// A server that has failed has no figures: its other runs would stand beside the wrong ones.
    pub fn fail(&mut self, server: &str, error: &io::Error) {
        self.servers.retain(|series| series.server != server);
        let why = format!("it failed: {error}");
        let why = why.split_whitespace().collect::<Vec<_>>().join(" ");
        self.skipped.push(Skipped { server: server.into(), why, failed: true });
    }

    pub fn series(&self, server: &str) -> Option<&Series> {
        self.servers.iter().find(|series| series.server == server)
    }

    /// One server's processor time as a share of another's, of each run: round by round, as the
    /// rounds of a run have the same conditions.
    pub fn ratios(&self, server: &str, base: &str) -> Vec<Spread> {
        let (Some(server), Some(base)) = (self.series(server), self.series(base)) else {
            return Vec::new();
        };
        let runs = server.runs.iter().zip(&base.runs);
        runs.map(|(ours, theirs)| {
            let rounds = ours.iter().zip(theirs);
            Spread::of(rounds.map(|(ours, theirs)| ours.cpu_us / theirs.cpu_us))
        })
        .collect()
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::super::examples::{report, series};
    use super::*;

    #[test]
    fn what_is_written_is_read_again() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("in/a/report.json");
        let one = report("small", vec![series("final", &[8.25, 8.5, 12.5])]);
        one.write(&file).unwrap();
        assert_eq!(Report::read(&file).unwrap(), one);
        fs::write(&file, "{").unwrap();
        let error = Report::read(&file).unwrap_err().to_string();
        assert!(error.contains("report.json: "), "{error}");
    }

    #[test]
    fn a_ratio_is_of_the_same_round() {
        let servers = vec![
            series("final", &[11.0, 24.0, 36.0]),
            series("bare", &[10.0, 20.0, 30.0]),
        ];
        let report = report("small", servers);
        let small = report.of("small").unwrap();
        let ratios = small.ratios("final", "bare");
        assert_eq!(ratios.len(), 1);
        assert_eq!(ratios[0].to_string(), "1.20 (1.15–1.20)");
        assert_eq!(small.ratios("final", "nginx"), []);
    }

    #[test]
    fn a_server_that_fails_has_no_figures() {
        let mut loaded = Loaded::of(&"small".parse().unwrap());
        for server in ["final", "bare"] {
            for _ in 0..2 {
                loaded.add(server, series(server, &[1.0]).runs.remove(0));
            }
        }
        assert_eq!(loaded.servers.iter().map(|it| it.runs.len()).sum::<usize>(), 4);
        loaded.fail("final", &io::Error::other("no 200;\n404"));
        assert!(loaded.is_skipped("final") && loaded.series("final").is_none());
        assert_eq!(loaded.skipped[0].why, "it failed: no 200; 404");
        loaded.count("bare", 3.0);
        assert_eq!(loaded.series("bare").unwrap().calls, Some(3.0));
        assert!(!loaded.is_skipped("bare") && loaded.series("bare").is_some());
    }
}
