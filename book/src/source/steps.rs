//! The folder `steps`: one crate after the other.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};

use super::node::Node;
use super::outline::{document, outline};

/// The files of a crate by their paths, such as `src/main.rs`.
pub type Files = BTreeMap<String, SourceFile>;

#[derive(Clone)]
pub struct SourceFile {
    pub text: String,
    pub outline: Node,
}

impl SourceFile {
    pub fn new(path: &str, text: String) -> Result<SourceFile> {
        ensure!(text.ends_with('\n'), "it doesn't end in a line feed");
        let outline =
            if path.ends_with(".rs") { outline(&text)? } else { document(&text) };
        Ok(SourceFile { text, outline })
    }
}

/// One step: a folder such as `03-states`.
#[derive(Clone)]
pub struct Step {
    pub name: String,
    pub files: Files,
}

pub struct Steps {
    /// In the order of the book.
    all: Vec<Step>,
}

impl Steps {
    pub fn read(folder: &Path) -> Result<Steps> {
        let mut all = Vec::new();
        let steps = folder.file_name().unwrap_or_default().display();
        for (name, path) in entries(folder)? {
            if path.join("Cargo.toml").is_file() {
                let mut files = Files::new();
                collect((&path, &format!("{steps}/{name}")), "", &mut files)?;
                all.push(Step { name, files });
            }
        }
        Ok(Steps { all })
    }

    pub fn iter(&self) -> impl Iterator<Item = &Step> {
        self.all.iter()
    }

    /// Every file as STEP/FILE, and its text.
    pub fn pages(&self) -> impl Iterator<Item = (String, &str)> {
        self.iter().flat_map(|step| {
            let files = step.files.iter();
            files.map(|(file, source)| (format!("{}/{file}", step.name), &*source.text))
        })
    }

    pub fn get(&self, name: &str) -> Option<&Step> {
        self.all.iter().find(|step| step.name == name)
    }

    /// The step that a chapter is about: `03-states.md` is about `03-states`.
    pub fn of_chapter(&self, file: &str) -> Option<&Step> {
        self.get(file.strip_suffix(".md")?)
    }

    pub fn before(&self, name: &str) -> Option<&Step> {
        let position = self.all.iter().position(|step| step.name == name)?;
        self.all.get(position.checked_sub(1)?)
    }
}

/// `step` is the name of its folder for a sentence: `steps/03-states`.
fn collect((folder, step): (&Path, &str), prefix: &str, files: &mut Files) -> Result<()> {
    for (name, path) in entries(folder)? {
        let file = format!("{prefix}{name}");
        if path.is_dir() {
            if name != "target" {
                collect((&path, step), &format!("{file}/"), files)?;
            }
        } else if name != "Cargo.lock" {
            let source = read(&path).with_context(|| format!("{step}/{file}"))?;
            files.insert(file, source);
        }
    }
    Ok(())
}

fn read(path: &Path) -> Result<SourceFile> {
    SourceFile::new(&path.to_string_lossy(), fs::read_to_string(path)?)
}

fn entries(folder: &Path) -> Result<Vec<(String, PathBuf)>> {
    let said = || format!("cannot read the folder {}", folder.display());
    let mut entries = Vec::new();
    for entry in fs::read_dir(folder).with_context(said)? {
        let entry = entry.with_context(said)?;
        let name = entry.file_name().to_string_lossy().into_owned();
        if !name.starts_with('.') {
            entries.push((name, entry.path()));
        }
    }
    entries.sort();
    Ok(entries)
}
