//! Files that were found lately.

use std::collections::HashMap;
use std::time::{Duration, Instant};

use crate::http::Representation;

/// How many files stay open at most.
const OPEN_FILES: usize = 256;
/// How long a file is believed to be what it was: the longest that a change goes unnoticed.
const OPEN_TIME: Duration = Duration::from_millis(500);

/// Files by their paths in a request.
pub struct Cache {
    files: HashMap<Vec<u8>, Representation>,
    /// How many there may be.
    limit: usize,
    /// When the first of them was found.
    since: Instant,
}

impl Cache {
    /// Nothing yet, for one of so many workers.
    pub fn part_of(workers: usize) -> Cache {
        let limit = (OPEN_FILES / workers).max(1);
        Cache { files: HashMap::new(), limit, since: Instant::now() }
    }

    /// The file that was found at this path.
    pub fn get(&self, path: &[u8]) -> Option<&Representation> {
        self.files.get(path)
    }

    /// Keeps a file. All others go first if there are as many as there may be.
    pub fn put(&mut self, path: &[u8], file: Representation) {
        if self.files.len() == self.limit {
            self.files.clear();
        }
        if self.files.is_empty() {
            self.since = Instant::now();
        }
        self.files.insert(path.to_vec(), file);
    }

    /// Lets go of all files; whether there was any.
    pub fn clear(&mut self) -> bool {
        let held_some = !self.files.is_empty();
        self.files.clear();
        held_some
    }

    /// Lets go of all files `OPEN_TIME` after the first of them was found; how long it is until then.
    pub fn tidy(&mut self) -> Option<Duration> {
        if self.files.is_empty() {
            return None;
        }
        let left = OPEN_TIME.checked_sub(self.since.elapsed());
        if left.is_none() {
            self.files.clear();
        }
        left
    }
}
