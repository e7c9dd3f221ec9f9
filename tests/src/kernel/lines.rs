//! From places in a program's file to lines of its source, by its debug information.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::path::Path;

use addr2line::Loader;

pub struct Lines {
    /// None if there is no debug information.
    loader: Option<Loader>,
    known: RefCell<BTreeMap<u64, Vec<String>>>,
}

impl Lines {
    pub fn of(program: &Path) -> Lines {
        Lines { loader: Loader::new(program).ok(), known: RefCell::default() }
    }

    /// The lines of the program's own source, the innermost first: `src/sys.rs:57`.
    pub fn at(&self, stack: &[u64]) -> Vec<String> {
        let mut known = self.known.borrow_mut();
        let each = stack.iter().flat_map(|place| {
            known.entry(*place).or_insert_with(|| self.find(*place)).clone()
        });
        each.collect()
    }

    /// More than one where calls were inlined.
    fn find(&self, place: u64) -> Vec<String> {
        let mut lines = Vec::new();
        let frames = self.loader.as_ref().map(|loader| loader.find_frames(place));
        let Some(Ok(mut frames)) = frames else { return lines };
        while let Ok(Some(frame)) = frames.next() {
            let Some(location) = frame.location else { continue };
            let (Some(file), Some(line)) = (location.file, location.line) else {
                continue;
            };
            lines.extend(own(file).map(|file| format!("{file}:{line}")));
        }
        lines
    }
}

/// A file as its package has it, if it isn't the standard library's or another crate's.
fn own(file: &str) -> Option<String> {
    const OTHERS: [&str; 3] = ["/rustc/", "/registry/src/", "/rustlib/src/"];
    if OTHERS.iter().any(|others| file.contains(others)) {
        return None;
    }
    let path = Path::new(file);
    let package = path.ancestors().find(|folder| folder.join("Cargo.toml").is_file());
    let inside = package.and_then(|package| path.strip_prefix(package).ok());
    Some(inside.unwrap_or(path).display().to_string())
}
