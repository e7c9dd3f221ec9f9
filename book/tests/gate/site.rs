//! The folder of a book's pages, read once.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use scraper::{ElementRef, Html, Selector};

pub struct Site {
    pub folder: PathBuf,
    /// Every file, named from the folder: `css/general.css`.
    pub files: BTreeSet<String>,
    pub pages: BTreeMap<String, Page>,
}

pub struct Page {
    pub text: String,
    pub html: Html,
    pub ids: Vec<String>,
}

impl Site {
    pub fn read(folder: &Path) -> Site {
        let mut files = BTreeSet::new();
        collect(folder, "", &mut files);
        let pages = files.iter().filter(|file| file.ends_with(".html"));
        let pages =
            pages.map(|file| (file.clone(), Page::read(&folder.join(file)))).collect();
        Site { folder: folder.to_owned(), files, pages }
    }

    /// The file that `reference` means on `page`, and the fragment it asks for. None if it
    /// leads outside.
    pub fn resolve(
        &self,
        page: &str,
        reference: &str,
    ) -> Option<(String, Option<String>)> {
        let is_outside = reference.contains("://")
            || reference.starts_with("//")
            || reference.starts_with("mailto:")
            || reference.starts_with("data:");
        if is_outside {
            return None;
        }
        let (path, fragment) = match reference.split_once('#') {
            Some((path, fragment)) => (path, Some(fragment.to_owned())),
            None => (reference, None),
        };
        let path = path.split('?').next().unwrap_or(path);
        if path.is_empty() {
            return Some((page.to_owned(), fragment));
        }
        let mut parts: Vec<&str> = page.split('/').collect();
        parts.pop();
        for part in path.split('/') {
            match part {
                "." => {}
                ".." if !parts.is_empty() => drop(parts.pop()),
                part => parts.push(part),
            }
        }
        let mut file = parts.join("/");
        if file.is_empty() || file.ends_with('/') {
            file.push_str("index.html");
        }
        Some((file, fragment))
    }
}

impl Page {
    fn read(file: &Path) -> Page {
        let text = fs::read_to_string(file).unwrap();
        let html = Html::parse_document(&text);
        let with_id = selector("[id]");
        let ids = html.select(&with_id).filter_map(|it| it.attr("id"));
        let ids = ids.map(str::to_owned).collect();
        Page { text, ids, html }
    }

    pub fn select<'a>(&'a self, css: &str) -> Vec<ElementRef<'a>> {
        self.html.select(&selector(css)).collect()
    }
}

pub fn selector(css: &str) -> Selector {
    Selector::parse(css).expect("a selector")
}

fn collect(folder: &Path, prefix: &str, files: &mut BTreeSet<String>) {
    for entry in fs::read_dir(folder).unwrap() {
        let entry = entry.unwrap();
        let name = format!("{prefix}{}", entry.file_name().to_string_lossy());
        if entry.path().is_dir() {
            collect(&entry.path(), &format!("{name}/"), files);
        } else {
            files.insert(name);
        }
    }
}
