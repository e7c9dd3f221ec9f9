use std::collections::HashMap;

use crate::http::Representation;

const OPEN_FILES: usize = 256;

pub struct Cache {
    files: HashMap<Vec<u8>, Representation>,
}

impl Cache {
    pub fn new() -> Cache {
        Cache { files: HashMap::new() }
    }

    pub fn get(&self, path: &[u8]) -> Option<&Representation> {
        self.files.get(path)
    }

    pub fn put(&mut self, path: &[u8], file: Representation) {
        if self.files.len() == OPEN_FILES {
            self.files.clear();
        }
        self.files.insert(path.to_vec(), file);
    }
}
