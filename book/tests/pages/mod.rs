//! The book's pages, built once for all the tests of a program that run at the same time.

use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError, Weak};

use book::build::{build, root};
use tempfile::TempDir;

pub struct Pages(TempDir);

/// Whoever uses them last takes the folder away.
static SHARED: Mutex<Weak<Pages>> = Mutex::new(Weak::new());

impl Pages {
    pub fn shared() -> Arc<Pages> {
        let mut shared = SHARED.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(pages) = shared.upgrade() {
            return pages;
        }
        let folder = tempfile::tempdir().unwrap();
        if let Err(error) = build(&root(), Some(folder.path())) {
            panic!("\n{error:#}\n");
        }
        let pages = Arc::new(Pages(folder));
        *shared = Arc::downgrade(&pages);
        pages
    }

    pub fn path(&self) -> &Path {
        self.0.path()
    }
}
