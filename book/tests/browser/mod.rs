//! A browser that reads the book from the server that the book is about.

mod command;
mod driver;
#[path = "../pages/mod.rs"]
mod pages;
mod screen;

pub use driver::Browser;
pub use screen::{DARK, LIGHT, SCREENS};

use std::path::PathBuf;
use std::sync::Arc;
use std::thread;

use book::build::root;
use book::serve::{bind, serve};
use pages::Pages;

/// The book, served for as long as the test runs.
pub struct Served {
    /// Such as `http://127.0.0.1:40123/`.
    pub url: String,
    /// The names of its chapters' pages, in their order: `introduction.html`.
    pub chapters: Vec<String>,
    _pages: Arc<Pages>,
}

impl Served {
    pub fn start() -> Served {
        let pages = Pages::shared();
        let folder = pages.path().to_owned();
        let server = bind("127.0.0.1:0".parse().unwrap()).unwrap();
        let address = server.address().unwrap();
        let url = format!("http://{address}/");
        thread::spawn(move || {
            let served = serve(&server, &folder);
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

/// Where screenshots go, for whoever wants to look at them. They take longer than all the rest.
pub fn screenshots() -> Option<PathBuf> {
    let folder = PathBuf::from(std::env::var_os("SCREENSHOTS")?);
    std::fs::create_dir_all(&folder).unwrap();
    Some(folder)
}
