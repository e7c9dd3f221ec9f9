//! The folder `steps`: one crate after the other, and the stages on the way from one to the next.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::Result;

use super::stages::{self, Stage};
use super::step::{Files, Step, collect, entries};

/// A part of a chapter whose listings make one program of another.
#[derive(Clone, Copy)]
pub struct Stretch<'a> {
    pub before: Option<&'a Step>,
    /// The stage that it ends at, or the chapter's step.
    pub step: &'a Step,
}

/// A page of a chapter: `12-versions`, and the part of the way to the step that it goes.
pub struct Page<'a> {
    pub name: &'a str,
    pub stretches: Vec<Stretch<'a>>,
}

pub struct Steps {
    /// In the order of the book.
    all: Vec<Step>,
    /// Those of a step, by its name.
    stages: BTreeMap<String, Vec<Stage>>,
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
        let stages = self.stages.values().flatten().map(|stage| &stage.program);
        self.iter().chain(stages).flat_map(|step| {
            let files = step.files.iter();
            files.map(|(file, source)| (format!("{}/{file}", step.name), &*source.text))
        })
    }

    pub fn get(&self, name: &str) -> Option<&Step> {
        self.all.iter().find(|step| step.name == name)
    }

    /// A stage by its name, such as `05-http/1-hello`.
    pub fn stage(&self, name: &str) -> Option<&Step> {
        let mut all = self.stages.values().flatten().map(|stage| &stage.program);
        all.find(|stage| stage.name.strip_prefix("stages/") == Some(name))
    }

    /// The step that the page in `file` is about, and the part of the way to it that it goes.
    pub fn of_page(&self, file: &str) -> Option<(&Step, Vec<Stretch<'_>>)> {
        let name = file.strip_suffix(".md")?;
        self.iter().find_map(|step| {
            let page = self.chapter(step).into_iter().find(|page| page.name == name)?;
            Some((step, page.stretches))
        })
    }

    pub fn before(&self, name: &str) -> Option<&Step> {
        let position = self.all.iter().position(|step| step.name == name)?;
        self.all.get(position.checked_sub(1)?)
    }

    /// The pages of the chapter on a step, in their order. The first is called like the step,
    /// and each of the others begins where a stage says so.
    pub fn chapter<'a>(&'a self, step: &'a Step) -> Vec<Page<'a>> {
        let mut before = self.before(&step.name);
        let mut stretch = |step| Stretch { before: before.replace(step), step };
        let (mut pages, mut name) = (Vec::new(), step.name.as_str());
        let mut stretches = Vec::new();
        for stage in self.stages.get(&step.name).into_iter().flatten() {
            stretches.push(stretch(&stage.program));
            if let Some(next) = &stage.next_page {
                pages.push(Page { name, stretches: std::mem::take(&mut stretches) });
                name = next;
            }
        }
        stretches.push(stretch(step));
        pages.push(Page { name, stretches });
        pages
    }

    /// The way to a step: from the step before by its stages, each from the one before.
    pub fn stretches<'a>(&'a self, step: &'a Step) -> Vec<Stretch<'a>> {
        self.chapter(step).into_iter().flat_map(|page| page.stretches).collect()
    }
}

impl<'a> Stretch<'a> {
    /// The name of the stage that it ends at.
    pub fn stage(&self) -> Option<&'a str> {
        self.step.name.starts_with("stages/").then(|| self.step.short_name())
    }
}
