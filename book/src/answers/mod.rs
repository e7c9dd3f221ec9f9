//! The folder `answers`: what the exercises ask for, each a patch of its chapter's step, and
//! what is to be seen of it.
//!
//! `git apply book/answers/02-chat.patch` puts one into the steps. A test applies each to a copy,
//! builds it and looks.

mod claim;
mod html;
mod listing;
mod patch;

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result, ensure};

use crate::source::{Step, Steps};
pub use claim::{Claim, Fails};
pub use html::html;

pub struct Answer {
    /// `02-chat`.
    pub name: String,
    /// The step it is about: `02-poll-loop`.
    pub of: String,
    /// That step with the answer in it, named `answers/02-chat`.
    pub step: Step,
    /// The files that it changes.
    pub changed: Vec<String>,
    pub claim: Claim,
}

pub struct Answers {
    /// By their names, and so in the order of the chapters.
    all: BTreeMap<String, Answer>,
}

impl Answers {
    /// A book without the folder has none.
    pub fn read(folder: &Path, steps: &Steps) -> Result<Answers> {
        let mut all = BTreeMap::new();
        let mut patches = files(folder, "patch")?;
        for (number, text) in files(folder, "toml")? {
            let said = || format!("answers/{number}.toml");
            let step =
                steps.iter().find(|step| step.name.starts_with(&format!("{number}-")));
            let step = step.with_context(|| format!("{}: no such step", said()))?;
            let claims: BTreeMap<String, Claim> =
                toml::from_str(&text).with_context(said)?;
            for (name, claim) in claims {
                let name = format!("{number}-{name}");
                let patch = patches.remove(&name).unwrap_or_default();
                let answer = Answer::new(&name, step, &patch, claim);
                let answer = answer.with_context(|| format!("answers/{name}.patch"))?;
                all.insert(name, answer);
            }
        }
        let unclaimed = patches.into_keys().next();
        ensure!(
            unclaimed.is_none(),
            "answers/{}.patch: its chapter's table says nothing of it",
            unclaimed.unwrap_or_default()
        );
        Ok(Answers { all })
    }

    pub fn iter(&self) -> impl Iterator<Item = &Answer> {
        self.all.values()
    }

    /// Every file that an answer changes as answers/ANSWER/FILE, and its text.
    pub fn pages(&self) -> impl Iterator<Item = (String, &str)> {
        self.iter().flat_map(|answer| {
            let Step { name, files } = &answer.step;
            let changed = answer.changed.iter();
            changed.map(move |file| (format!("{name}/{file}"), &*files[file].text))
        })
    }

    pub fn get(&self, name: &str) -> Result<&Answer> {
        self.all.get(name).with_context(|| format!("there is no answer `{name}`"))
    }
}

impl Answer {
    /// Without a patch it is about the step as it is.
    fn new(name: &str, step: &Step, patch: &str, claim: Claim) -> Result<Answer> {
        let (of, mut step) = (step.name.clone(), step.clone());
        let changed = patch::apply(patch, &mut step)?;
        step.name = format!("answers/{name}");
        Ok(Answer { name: name.to_owned(), of, step, changed, claim })
    }

    /// The page of its exercise.
    pub fn page(&self) -> &str {
        self.claim.page.as_deref().unwrap_or(&self.of)
    }

    /// Where to look when something is wrong with it.
    pub fn place(&self) -> String {
        let Answer { name, claim, .. } = self;
        format!("answers/{name} ({}.md, exercise {})", self.page(), claim.exercise)
    }
}

/// The texts of a folder's files with this ending, by their names without it.
fn files(folder: &Path, ending: &str) -> Result<BTreeMap<String, String>> {
    let mut files = BTreeMap::new();
    if !folder.is_dir() {
        return Ok(files);
    }
    let said = || format!("cannot read {}", folder.display());
    for entry in fs::read_dir(folder).with_context(said)? {
        let path = entry.with_context(said)?.path();
        if path.extension().is_some_and(|it| it == ending) {
            let name = path.file_stem().unwrap_or_default().to_string_lossy();
            let text = fs::read_to_string(&path).with_context(said)?;
            files.insert(name.into_owned(), text);
        }
    }
    Ok(files)
}
