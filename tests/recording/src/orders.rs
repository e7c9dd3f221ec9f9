//! What the preloaded kernel is told to do, and what it reports.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use crate::call::Call;
use crate::hostile::Hostility;

/// The variable of the environment that holds the orders, as JSON.
pub const ORDERS: &str = "LANDER_KERNEL";

#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(tag = "mode", rename_all = "lowercase")]
pub enum Orders {
    /// Makes every call and writes it down, a [`Witnessed`] a line. A socket that is bound to
    /// the port `shown` is bound to `port`, and the program never knows.
    Record { log: PathBuf, shown: u16, port: u16 },
    /// Answers each call as the recording says, and makes none.
    Replay { recording: PathBuf, report: PathBuf },
    /// Is a kernel of its own, with the clients of a script, and as hostile as its seed says.
    Hostile(Hostility),
}

/// A line of the log.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Witnessed {
    pub call: Call,
    /// Where it was made: offsets in the program's file, the innermost first.
    pub stack: Vec<u64>,
}

/// How a replay went.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Report {
    pub outcome: Outcome,
    /// The calls that were answered, by their places in the recording.
    pub played: Vec<Played>,
}

/// A call that was answered, and where it was made.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Played {
    pub place: usize,
    pub stack: Vec<u64>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Outcome {
    /// Every call of the recording was asked for, and none beyond.
    Whole,
    /// The program asks for something else than what was recorded at that place, or for more
    /// than was recorded.
    Parted { place: Option<usize>, asks: Box<Witnessed> },
    /// The program ended with calls left: the first of them.
    EndedEarly { place: usize },
    /// A thread waits for its turn, and it doesn't come: the first call that is missing.
    Stuck { place: usize },
}
