//! A step: the files of one crate.

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

/// One step, such as `03-states`, or a stage on the way to it, such as `stages/05-http/1-hello`.
#[derive(Clone)]
pub struct Step {
    pub name: String,
    pub files: Files,
}

impl Step {
    /// What a chapter calls it: `03-states`, or `1-hello` if it is a stage.
    pub fn short_name(&self) -> &str {
        self.name.rsplit('/').next().unwrap_or(&self.name)
    }
}

/// The files below a folder. `step` is its name for a sentence: `steps/03-states`.
pub fn collect(
    (folder, step): (&Path, &str),
    prefix: &str,
    files: &mut Files,
) -> Result<()> {
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

pub fn entries(folder: &Path) -> Result<Vec<(String, PathBuf)>> {
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
