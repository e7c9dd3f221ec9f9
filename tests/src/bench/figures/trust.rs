//! Whether a figure can be trusted: who had the cores while it was measured.

use std::fmt;

use serde::{Deserialize, Serialize};

/// Shares of a round's time.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Shares {
    /// In which the server worked.
    pub server: f64,
    /// In which the busiest of the clients' cores worked for them.
    pub clients: f64,
    /// In which the server wanted its core and another program had it.
    pub server_waited: f64,
    /// The same of the clients: the most on any of their cores.
    pub clients_waited: f64,
    /// In which the hypervisor had one of the cores for others.
    pub stolen: f64,
}

/// Why a round's figures aren't the server's.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Doubt {
    /// The clients could do no more, and the server could.
    ClientsSaturated,
    ServerDisturbed,
    ClientsDisturbed,
    Stolen,
}

/// A core with so large a share has no more to give.
const BUSY: f64 = 0.95;
/// A kernel's own threads take a little.
const SOME: f64 = 0.02;

impl Shares {
    pub fn has(&self, doubt: Doubt) -> bool {
        match doubt {
            Doubt::ClientsSaturated => self.clients > BUSY && self.server < BUSY,
            Doubt::ServerDisturbed => self.server_waited > SOME,
            Doubt::ClientsDisturbed => self.clients_waited > SOME,
            Doubt::Stolen => self.stolen > SOME,
        }
    }

    fn worst(&self, doubt: Doubt) -> f64 {
        match doubt {
            Doubt::ClientsSaturated => self.server,
            Doubt::ServerDisturbed => self.server_waited,
            Doubt::ClientsDisturbed => self.clients_waited,
            Doubt::Stolen => self.stolen,
        }
    }
}

impl Doubt {
    pub const ALL: [Doubt; 4] = [
        Doubt::ClientsSaturated,
        Doubt::ServerDisturbed,
        Doubt::ClientsDisturbed,
        Doubt::Stolen,
    ];

    pub fn sentence(self) -> &'static str {
        match self {
            Doubt::ClientsSaturated => {
                "the clients' core had no time left, and the server's had: requests/s, p50 and p99 \
                 say how fast the clients are"
            }
            Doubt::ServerDisturbed => {
                "other programs had the server's core while it wanted it: no figure is the server's \
                 alone"
            }
            Doubt::ClientsDisturbed => {
                "other programs had the clients' core: requests/s, p50 and p99 are worse for it"
            }
            Doubt::Stolen => {
                "the hypervisor had a core for others: no figure is the server's alone"
            }
        }
    }

    /// Whether processor time is in doubt too, and not only how fast the answers came.
    pub fn is_of_cpu(self) -> bool {
        matches!(self, Doubt::ServerDisturbed | Doubt::Stolen)
    }
}

/// How many rounds have a doubt.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Doubted {
    pub doubt: Doubt,
    rounds: usize,
    of: usize,
    share: f64,
}

impl Doubted {
    /// In how many rounds, and how far it went.
    pub fn extent(&self) -> String {
        let Doubted { doubt, rounds, of, share } = self;
        let percent = (share * 100.0).round();
        let what = match doubt {
            Doubt::ClientsSaturated => format!("the server's core {percent} % busy"),
            _ => format!("up to {percent} %"),
        };
        format!("{what} in {rounds} of {of} rounds")
    }

    /// Whether so many rounds have it that the median may have it.
    pub fn counts(&self) -> bool {
        2 * self.rounds >= self.of
    }
}

/// All doubts that some of these rounds have.
pub fn doubts(rounds: &[Shares]) -> Vec<Doubted> {
    let all = Doubt::ALL.into_iter().map(|doubt| {
        let having: Vec<&Shares> = rounds.iter().filter(|it| it.has(doubt)).collect();
        let shares = having.iter().map(|it| it.worst(doubt));
        let share = shares.fold(0.0, f64::max);
        Doubted { doubt, rounds: having.len(), of: rounds.len(), share }
    });
    all.filter(|doubted| doubted.rounds > 0).collect()
}

impl fmt::Display for Doubted {
    fn fmt(&self, out: &mut fmt::Formatter) -> fmt::Result {
        write!(out, "{}: {}", self.doubt.sentence(), self.extent())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const QUIET: Shares = Shares {
        server: 0.99,
        clients: 0.9,
        server_waited: 0.001,
        clients_waited: 0.001,
        stolen: 0.0,
    };

    fn found(shares: Shares) -> Vec<Doubt> {
        doubts(&[shares]).iter().map(|it| it.doubt).collect()
    }

    #[test]
    fn a_quiet_machine_with_a_busy_server_is_trusted() {
        assert_eq!(found(QUIET), []);
        // Both are at their limits: the server is, too.
        assert_eq!(found(Shares { clients: 1.0, ..QUIET }), []);
        // Neither is: a load of few connections.
        assert_eq!(found(Shares { server: 0.5, clients: 0.5, ..QUIET }), []);
    }

    #[test]
    fn each_disturbance_is_a_doubt() {
        let saturated = Shares { server: 0.8, clients: 0.97, ..QUIET };
        assert_eq!(found(saturated), [Doubt::ClientsSaturated]);
        let disturbed = Shares { server_waited: 0.03, ..QUIET };
        assert_eq!(found(disturbed), [Doubt::ServerDisturbed]);
        let disturbed = Shares { clients_waited: 0.03, ..QUIET };
        assert_eq!(found(disturbed), [Doubt::ClientsDisturbed]);
        assert_eq!(found(Shares { stolen: 0.03, ..QUIET }), [Doubt::Stolen]);
    }

    #[test]
    fn a_doubt_counts_when_the_median_may_have_it() {
        let disturbed = Shares { server_waited: 0.07, ..QUIET };
        let one = doubts(&[QUIET, disturbed, QUIET]);
        assert!(!one[0].counts());
        assert_eq!(
            one[0].to_string(),
            "other programs had the server's core while it wanted it: no figure is the server's \
             alone: up to 7 % in 1 of 3 rounds"
        );
        assert!(doubts(&[QUIET, disturbed])[0].counts());
    }
}
