//! The folder `steps`: one crate after the other, and the stages on the way from one to the next.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::Result;

use super::stages;
use super::step::{Files, Step, collect, entries};

/// A part of a chapter whose listings make one program of another.
#[derive(Clone, Copy)]
pub struct Stretch<'a> {
    pub before: Option<&'a Step>,
    /// The stage that it ends at, or the chapter's step.
    pub step: &'a Step,
}

pub struct Steps {
    /// In the order of the book.
    all: Vec<Step>,
    /// Those of a step, by its name.
    stages: BTreeMap<String, Vec<Step>>,
}

impl Steps {
    /// `book` is the folder of book.toml.
    pub fn read(book: &Path) -> Result<Steps> {
        let mut all = Vec::new();
        for (name, path) in entries(&book.join("../steps"))? {
            if path.join("Cargo.toml").is_file() {
                let mut files = Files::new();
                collect((&path, &format!("steps/{name}")), "", &mut files)?;
                all.push(Step { name, files });
            }
        }
        let stages = stages::read(&book.join("stages"), &all)?;
        Ok(Steps { all, stages })
    }

    pub fn iter(&self) -> impl Iterator<Item = &Step> {
        self.all.iter()
    }

    /// Every file as STEP/FILE, and its text; those of the stages too.
    pub fn pages(&self) -> impl Iterator<Item = (String, &str)> {
        self.iter().chain(self.stages.values().flatten()).flat_map(|step| {
            let files = step.files.iter();
            files.map(|(file, source)| (format!("{}/{file}", step.name), &*source.text))
        })
    }

    pub fn get(&self, name: &str) -> Option<&Step> {
        self.all.iter().find(|step| step.name == name)
    }

    /// A stage by its name, such as `05-http/1-hello`.
    pub fn stage(&self, name: &str) -> Option<&Step> {
        let mut all = self.stages.values().flatten();
        all.find(|stage| stage.name.strip_prefix("stages/") == Some(name))
    }

    /// The step that a chapter is about: `03-states.md` is about `03-states`.
    pub fn of_chapter(&self, file: &str) -> Option<&Step> {
        self.get(file.strip_suffix(".md")?)
    }

    pub fn before(&self, name: &str) -> Option<&Step> {
        let position = self.all.iter().position(|step| step.name == name)?;
        self.all.get(position.checked_sub(1)?)
    }

    /// The way to a step: from the step before by its stages, each from the one before.
    pub fn stretches<'a>(&'a self, step: &'a Step) -> Vec<Stretch<'a>> {
        let stages = self.stages.get(&step.name).into_iter().flatten();
        let mut before = self.before(&step.name);
        let stretch = |step| Stretch { before: before.replace(step), step };
        stages.chain([step]).map(stretch).collect()
    }
}

impl<'a> Stretch<'a> {
    /// The name of the stage that it ends at.
    pub fn stage(&self) -> Option<&'a str> {
        self.step.name.starts_with("stages/").then(|| self.step.short_name())
    }
}
