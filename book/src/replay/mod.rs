//! Recorded runs as a chapter shows them: a terminal, a list of system calls, a player.

mod calls;
mod content;
mod frames;
mod player;
mod scene;
mod table;
mod terminal;
mod track;
mod watched;
mod words;

use std::path::Path;

use anyhow::{Context, Result, ensure};
use maud::Markup;

use crate::record::kept::{self, RECORDINGS};

pub use frames::scene;
pub use scene::{Frame, Scene};

/// `{{#run NAME}}`: what a terminal showed. `root` is the folder of book.toml.
pub fn run(root: &Path, name: &str) -> Result<Markup> {
    Ok(terminal::screen(&kept::console(&root.join(RECORDINGS), name)?))
}

/// `{{#calls NAME}}`: the system calls that followed each thing a client did.
pub fn calls(root: &Path, name: &str) -> Result<Markup> {
    Ok(calls::figure(&recorded(root, name)?))
}

/// `{{#replay NAME}}`, `{{#replay NAME NAME}}`: a run to play, or two side by side.
pub fn replay(root: &Path, names: &[String]) -> Result<Markup> {
    ensure!(matches!(names.len(), 1 | 2), "it takes the names of one or two runs");
    let scenes = names.iter().map(|name| recorded(root, name));
    player::player(names, &scenes.collect::<Result<Vec<Scene>>>()?)
}

fn recorded(root: &Path, name: &str) -> Result<Scene> {
    let recording = kept::replay(&root.join(RECORDINGS), name)?;
    scene(&recording).with_context(|| format!("{RECORDINGS}/{name}.json"))
}
