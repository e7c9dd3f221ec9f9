//! Files that were found lately.

use std::collections::HashMap;
use std::io;
use std::time::{Duration, Instant};

use crate::http::Representation;

/// How many files stay open at most.
const OPEN_FILES: usize = 256;
/// How long a file is believed to be what it was: the longest that a change goes unnoticed.
const OPEN_TIME: Duration = Duration::from_millis(500);

/// Files by their paths in a request.
pub struct Cache {
    /// Where in `files` each is.
    places: HashMap<Vec<u8>, usize>,
    files: Vec<Representation>,
    /// When the first of them was found.
    since: Instant,
}

impl Cache {
    /// Nothing yet.
    pub fn new() -> Cache {
        Cache { places: HashMap::new(), files: Vec::new(), since: Instant::now() }
    }

    /// The file at this path: the one that is here, if it is current, or the one that `look` gives.
    ///
    /// All files go when there are `OPEN_FILES`. The errors are those of `look`.
    pub fn get(
        &mut self,
        path: &[u8],
        is_current: impl Fn(&Representation) -> bool,
        look: impl FnOnce() -> io::Result<Representation>,
    ) -> io::Result<&Representation> {
        if self.files.len() == OPEN_FILES {
            self.clear();
        }
        if self.files.is_empty() {
            self.since = Instant::now();
        }
        let place = match self.places.get(path) {
            Some(&place) => {
                if !is_current(&self.files[place]) {
                    self.files[place] = look()?;
                }
                place
            }
            None => {
                self.files.push(look()?);
                self.places.insert(path.to_vec(), self.files.len() - 1);
                self.files.len() - 1
            }
        };
        Ok(&self.files[place])
    }

    /// Lets go of all files `OPEN_TIME` after the first of them was found; how long it is until then.
    pub fn tidy(&mut self) -> Option<Duration> {
        if self.files.is_empty() {
            return None;
        }
        let left = OPEN_TIME.checked_sub(self.since.elapsed());
        if left.is_none() {
            self.clear();
        }
        left
    }

    fn clear(&mut self) {
        self.places.clear();
        self.files.clear();
    }
}
