//! An answer as HTML: a listing for each file that it changes.

use anyhow::{Result, bail, ensure};
use maud::{Markup, html};

use super::{Answer, Answers, listing::listing};
use crate::listing::{self, Page};
use crate::source::Step;

/// The words of a directive are the answer's name and, if not all are to be shown, its files'.
/// `step` is the chapter's own; `root` the way from the page to the book's.
pub fn html(
    answers: &Answers,
    words: &[String],
    step: Option<&Step>,
    root: &str,
) -> Result<Markup> {
    let Some((name, files)) = words.split_first() else {
        bail!("it names an answer, such as 02-chat");
    };
    let answer = answers.get(name)?;
    let Some(step) = step.filter(|step| step.name == answer.of) else {
        bail!("{name} is about {}", answer.of);
    };
    ensure!(!answer.changed.is_empty(), "{name} changes no file");
    for file in files {
        ensure!(answer.changed.contains(file), "{name} doesn't change {file}");
    }
    let is_shown = |file: &&String| files.is_empty() || files.contains(file);
    let shown = answer.changed.iter().filter(is_shown);
    let figures = shown.map(|file| figure(answer, step, file, root));
    let figures = figures.collect::<Result<Vec<Markup>>>()?;
    Ok(html! { @for figure in figures { (figure) } })
}

fn figure(answer: &Answer, step: &Step, file: &str, root: &str) -> Result<Markup> {
    let listing = listing(answer, step, file)?;
    let (files, former) = (Some(&answer.step.files), Some(&step.files));
    let page = Page {
        root,
        files,
        former,
        recalled: false,
        folded: true,
        answer: Some(&answer.name),
    };
    Ok(listing::html(&listing, &page))
}
