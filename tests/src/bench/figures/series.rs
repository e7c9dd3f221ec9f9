//! What a load cost one server, round by round.

use serde::{Deserialize, Serialize};

use super::{Shares, doubts};
use crate::evidence::spread::Spread;

/// What a load cost one server.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Series {
    pub server: String,
    /// System calls for a request.
    pub calls: Option<f64>,
    /// Why some figures can't be trusted, in sentences.
    pub doubts: Vec<String>,
    /// Each run's rounds.
    pub runs: Vec<Vec<Round>>,
}

#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Round {
    pub requests: u64,
    /// Processor time for a request, user and system.
    pub cpu_us: f64,
    pub per_second: f64,
    pub p50_us: f64,
    pub p99_us: f64,
    /// The most that was resident since the server's start.
    pub memory_bytes: u64,
    /// By how many bytes the server grew for each idle connection, if it had some.
    pub idle_bytes: Option<f64>,
    pub shares: Shares,
}

impl Round {
    /// With as many digits as mean something, all of which survive in JSON.
    pub fn rounded(self) -> Round {
        let Shares { server, clients, server_waited, clients_waited, stolen } =
            self.shares;
        Round {
            requests: self.requests,
            cpu_us: rounded(self.cpu_us, 3),
            per_second: rounded(self.per_second, 0),
            p50_us: rounded(self.p50_us, 1),
            p99_us: rounded(self.p99_us, 1),
            memory_bytes: self.memory_bytes,
            idle_bytes: self.idle_bytes.map(|bytes| rounded(bytes, 0)),
            shares: Shares {
                server: rounded(server, 4),
                clients: rounded(clients, 4),
                server_waited: rounded(server_waited, 4),
                clients_waited: rounded(clients_waited, 4),
                stolen: rounded(stolen, 4),
            },
        }
    }
}

/// To so many decimal places.
pub fn rounded(number: f64, places: i32) -> f64 {
    let scale = 10f64.powi(places);
    (number * scale).round() / scale
}

impl Series {
    /// Of the rounds of all runs.
    pub fn cpu_us(&self) -> Spread {
        Spread::of(self.runs.iter().flatten().map(|round| round.cpu_us))
    }

    /// Says again which figures can't be trusted, when a run has been added.
    pub fn judge(&mut self) {
        self.doubts = doubts(&self.shares()).iter().map(ToString::to_string).collect();
    }

    /// Whether the processor time may not be the server's own.
    pub fn is_doubtful(&self) -> bool {
        let doubts = doubts(&self.shares());
        doubts.iter().any(|it| it.counts() && it.doubt.is_of_cpu())
    }

    fn shares(&self) -> Vec<Shares> {
        self.runs.iter().flatten().map(|round| round.shares).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::super::examples::series;

    #[test]
    fn a_disturbed_series_says_so() {
        let mut disturbed = series("final", &[1.0, 1.0]);
        disturbed.judge();
        assert!(disturbed.doubts.is_empty());
        disturbed.runs[0][1].shares.server_waited = 0.5;
        disturbed.judge();
        assert!(disturbed.doubts[0].contains("1 of 2 rounds"), "{disturbed:?}");
    }
}
