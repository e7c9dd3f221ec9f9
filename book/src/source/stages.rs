//! The folder `stages`: whole programs that a chapter goes through on the way to its step.
//!
//! `stages/05-http/1-hello` holds the files in which that program differs from the one before
//! it, be it another stage or the step before. Its `stage.toml`, if there is one, names the
//! files that are as in the step already, and those that are gone. With `next_page`, the
//! chapter's page ends at the stage, and the chapter goes on with that page.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use anyhow::{Context, Result, ensure};
use serde::Deserialize;

use super::step::{Files, Step, collect, entries};

const REST: &str = "stage.toml";

#[derive(Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Rest {
    /// The files that are as in the step already.
    same: Vec<String>,
    /// The files of the program before that are gone.
    gone: Vec<String>,
    next_page: Option<String>,
}

pub struct Stage {
    pub program: Step,
    /// The page on which the chapter goes on after it, if the page ends here.
    pub next_page: Option<String>,
}

/// The stages of each step that has some, by its name. `folder` may be missing.
pub fn read(folder: &Path, steps: &[Step]) -> Result<BTreeMap<String, Vec<Stage>>> {
    let mut all = BTreeMap::new();
    let mut pages: BTreeSet<_> = steps.iter().map(|step| step.name.clone()).collect();
    if !folder.is_dir() {
        return Ok(all);
    }
    for (name, path) in entries(folder)? {
        let position = steps.iter().position(|step| step.name == name);
        let position =
            position.with_context(|| format!("stages/{name}: no such step"))?;
        let before = position.checked_sub(1).map(|before| &steps[before]);
        let mut stages: Vec<Stage> = Vec::new();
        for (stage, path) in entries(&path)? {
            let name = format!("stages/{name}/{stage}");
            let before = stages.last().map(|stage| &stage.program).or(before);
            let before = before.map(|it| &it.files);
            let read = files((&path, &name), before, &steps[position].files);
            let (files, next_page) = read.with_context(|| name.clone())?;
            if let Some(page) = &next_page {
                ensure!(pages.insert(page.clone()), "{name}: {page} is a page already");
            }
            stages.push(Stage { program: Step { name, files }, next_page });
        }
        all.insert(name, stages);
    }
    Ok(all)
}

/// The files of a stage, made from those before it and some of the step's, and the page that
/// begins after it.
fn files(
    (folder, name): (&Path, &str),
    before: Option<&Files>,
    step: &Files,
) -> Result<(Files, Option<String>)> {
    let mut own = Files::new();
    collect((folder, name), "", &mut own)?;
    let rest = own.remove(REST).map(|file| toml::from_str(&file.text));
    let Rest { same, gone, next_page } =
        rest.transpose().context(REST)?.unwrap_or_default();
    let mut files = before.cloned().unwrap_or_default();
    for file in gone {
        ensure!(files.remove(&file).is_some(), "{file} isn't there to be gone");
    }
    for (file, source) in &own {
        let is_as_in = |files: &Files| {
            files.get(file).is_some_and(|other| other.text == source.text)
        };
        ensure!(!is_as_in(&files), "{file} is as before: leave it out");
        ensure!(!is_as_in(step), "{file} is as in the step: name it in {REST}");
    }
    files.extend(own);
    for file in same {
        let source =
            step.get(&file).with_context(|| format!("the step has no {file}"))?;
        files.insert(file, source.clone());
    }
    Ok((files, next_page))
}
