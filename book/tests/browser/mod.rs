//! A browser that reads the book from the server that the book is about.

mod command;
mod driver;
mod screen;

pub use driver::Browser;
pub use screen::{SCREENS, THEMES};

use std::path::PathBuf;
use std::thread;

use book::build::{build, root};
use book::serve::{bind, serve};

/// The book, built and served for as long as the test runs.
pub struct Served {
    /// Such as `http://127.0.0.1:40123/`.
    pub url: String,
    /// The names of its chapters' pages, in their order: `introduction.html`.
    pub chapters: Vec<String>,
    _pages: tempfile::TempDir,
}

impl Served {
    pub fn start() -> Served {
        let pages = tempfile::tempdir().unwrap();
        let built = build(&root(), Some(pages.path())).unwrap();
        let server = bind("127.0.0.1:0".parse().unwrap()).unwrap();
        let url = format!("http://{}/", server.address());
        thread::spawn(move || {
            let served = serve(&server, &built.pages);
            panic!("the server ended: {served:?}");
        });
        Served { url, chapters: chapters(), _pages: pages }
    }
}

fn chapters() -> Vec<String> {
    let summary = std::fs::read_to_string(root().join("chapters/SUMMARY.md")).unwrap();
    let links =
        summary.lines().filter_map(|line| line.split_once("](")?.1.split_once(".md)"));
    links.map(|(name, _)| format!("{name}.html")).collect()
}

/// Where screenshots go.
pub fn screenshots() -> PathBuf {
    let folder = root().join("../target/screenshots");
    std::fs::create_dir_all(&folder).unwrap();
    folder
}
