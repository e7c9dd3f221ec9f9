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

    /// The file at this path: the one that is here, if it is current, or the one that `find` gives.
    ///
    /// The cache is cleared after `OPEN_TIME` or at `OPEN_FILES` files. The errors are those of
    /// `find`.
    pub fn get(
        &mut self,
        path: &[u8],
        is_current: impl Fn(&Representation) -> bool,
        find: impl FnOnce() -> io::Result<Representation>,
    ) -> io::Result<&Representation> {
        if self.files.len() == OPEN_FILES || self.since.elapsed() > OPEN_TIME {
            self.places.clear();
            self.files.clear();
            self.since = Instant::now();
        }
        let place = match self.places.get(path) {
            Some(&place) => {
                if !is_current(&self.files[place]) {
                    self.files[place] = find()?;
                }
                place
            }
            None => {
                self.files.push(find()?);
                self.places.insert(path.to_vec(), self.files.len() - 1);
                self.files.len() - 1
            }
        };
        Ok(&self.files[place])
    }
}
