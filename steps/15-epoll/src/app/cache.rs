use std::collections::HashMap;
use std::time::{Duration, Instant};

use crate::http::Representation;

const OPEN_FILES: usize = 256;
const OPEN_TIME: Duration = Duration::from_millis(500);

pub struct Cache {
    files: HashMap<Vec<u8>, Representation>,
    since: Instant,
}

impl Cache {
    pub fn new() -> Cache {
        Cache { files: HashMap::new(), since: Instant::now() }
    }

    pub fn get(&self, path: &[u8]) -> Option<&Representation> {
        self.files.get(path)
    }

    pub fn put(&mut self, path: &[u8], file: Representation) {
        if self.files.len() == OPEN_FILES {
            self.files.clear();
        }
        if self.files.is_empty() {
            self.since = Instant::now();
        }
        self.files.insert(path.to_vec(), file);
    }

    pub fn clear(&mut self) -> bool {
        let held_some = !self.files.is_empty();
        self.files.clear();
        held_some
    }

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
