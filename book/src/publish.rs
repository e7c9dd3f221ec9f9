//! The steps' files as pages that a browser shows: what listings link to.

use std::collections::BTreeSet;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};

use anyhow::{Context, Result};

/// Writes each page, such as STEP/FILE, as `code/STEP/FILE.txt` beside the chapters, from where
/// mdBook copies it into the book. What is up to date stays untouched, so that `mdbook serve`
/// sees no change.
pub fn publish<'a>(
    pages: impl Iterator<Item = (String, &'a str)>,
    chapters: &Path,
) -> Result<()> {
    let folder = chapters.join("code");
    let mut kept = BTreeSet::new();
    for (name, text) in pages {
        let page = folder.join(format!("{name}.txt"));
        write(&page, text, chapters)
            .with_context(|| format!("cannot write {}", page.display()))?;
        kept.insert(page);
    }
    remove_others(&folder, &kept)
        .with_context(|| format!("cannot tidy {}", folder.display()))
}

fn write(page: &Path, text: &str, chapters: &Path) -> io::Result<()> {
    if fs::read_to_string(page).is_ok_and(|old| old == text) {
        return Ok(());
    }
    if let Some(folder) = page.parent() {
        fs::create_dir_all(folder)?;
    }
    // Where two builds run at once, each file appears whole, and nothing beside it.
    static COUNT: AtomicUsize = AtomicUsize::new(0);
    let number = COUNT.fetch_add(1, Ordering::Relaxed);
    let beside = chapters.parent().unwrap_or(chapters);
    let fresh = beside.join(format!(".{}-{number}.new", std::process::id()));
    fs::write(&fresh, text)?;
    fs::rename(fresh, page)
}

fn remove_others(folder: &Path, kept: &BTreeSet<PathBuf>) -> io::Result<()> {
    if !folder.is_dir() {
        return Ok(());
    }
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            remove_others(&path, kept)?;
        } else if !kept.contains(&path) && path.extension().is_some_and(|it| it == "txt")
        {
            fs::remove_file(path)?;
        }
    }
    Ok(())
}
