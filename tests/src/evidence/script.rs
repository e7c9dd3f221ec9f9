//! What a check did, to be done again by hand.

use crate::system::trace::Fault;

#[derive(Clone, Debug, Default)]
pub struct Script {
    /// What each client said, in the order in which they connected.
    pub said: Vec<Said>,
    /// The server ran under `strace`, with these calls made to fail.
    pub traced: Option<Vec<Fault>>,
    /// The shell's command by which the server might have few descriptors.
    pub descriptors: Option<String>,
    /// The server was held up for a while.
    pub paused: bool,
    /// The check made files, which go away with it.
    pub own_files: bool,
}

/// All that one client sent, and what became of it.
#[derive(Clone, Debug, Default)]
pub struct Said {
    pub client: String,
    /// One of many, of whom the transcript has nothing.
    pub quiet: bool,
    /// The first bytes of it, at most [`Said::KEPT`].
    pub start: Vec<u8>,
    /// Where in `start` each piece but the first begins.
    pub cuts: Vec<usize>,
    pub total: usize,
    /// The last piece, or its first bytes.
    pub last: Vec<u8>,
    pub half_closed: bool,
    pub reads_late: bool,
    pub left: Option<Left>,
}

/// How a client went away on purpose.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Left {
    Closed,
    Reset,
}

impl Script {
    /// Without those of whom the transcript has nothing, unless this one failed.
    pub fn without_the_quiet(self, failing: Option<&str>) -> Script {
        let named = |said: &Said| Some(&*said.client) == failing;
        let last = self.said.iter().rposition(named);
        let mut number = 0..;
        let mut said = self.said;
        said.retain(|said| number.next() == last || !said.quiet);
        Script { said, ..self }
    }
}

impl Said {
    pub const KEPT: usize = 32 * 1024;

    pub fn sent(&mut self, bytes: &[u8]) {
        if self.total > 0 && self.is_whole() {
            self.cuts.push(self.total);
        }
        let room = Said::KEPT.saturating_sub(self.start.len());
        self.start.extend(&bytes[..room.min(bytes.len())]);
        self.total += bytes.len();
        self.last.clear();
        self.last.extend(&bytes[..bytes.len().min(Said::KEPT)]);
    }

    /// Whether all of it was kept.
    pub fn is_whole(&self) -> bool {
        self.start.len() == self.total
    }

    pub fn pieces(&self) -> Vec<&[u8]> {
        let starts = [0].into_iter().chain(self.cuts.iter().copied());
        let ends = self.cuts.iter().copied().chain([self.start.len()]);
        starts.zip(ends).map(|(start, end)| &self.start[start..end]).collect()
    }
}
