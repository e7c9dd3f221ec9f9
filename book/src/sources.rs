//! The steps' files as pages that a browser shows: what listings link to.

use std::collections::BTreeSet;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};

use anyhow::{Context, Result};

use crate::source::Steps;

/// Writes every file of the steps as `code/STEP/FILE.txt` beside the chapters, from where
/// mdBook copies it into the book. What is up to date stays untouched, so that `mdbook serve`
/// sees no change.
pub fn publish(steps: &Steps, chapters: &Path) -> Result<()> {
    let folder = chapters.join("code");
    let mut kept = BTreeSet::new();
    for step in steps.iter() {
        for (file, source) in &step.files {
            let page = folder.join(&step.name).join(format!("{file}.txt"));
            write(&page, &source.text, chapters)
                .with_context(|| format!("cannot write {}", page.display()))?;
            kept.insert(page);
        }
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
