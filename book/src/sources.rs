//! What the chapters are filled in from.

use std::path::{Path, PathBuf};

use anyhow::Result;

use crate::answers::Answers;
use crate::source::Steps;

pub struct Sources {
    pub steps: Steps,
    pub answers: Answers,
    /// The folder of the chapters.
    pub chapters: PathBuf,
    /// The folder of book.toml.
    pub root: PathBuf,
}

impl Sources {
    pub fn open(root: &Path, chapters: &Path) -> Result<Sources> {
        let steps = Steps::read(root)?;
        let answers = Answers::read(&root.join("answers"), &steps)?;
        let (chapters, root) = (chapters.to_owned(), root.to_owned());
        Ok(Sources { steps, answers, chapters, root })
    }
}
