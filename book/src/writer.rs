//! A chapter's text, with HTML for each of its directives.

use anyhow::{Context, Result, bail, ensure};
use maud::{Markup, html};

use crate::answers;
use crate::directive::{Directive, Passage, Reference, both_ends, one_word, passages};
use crate::framing;
use crate::listing::{self, Listing, Page, Plan, recall};
use crate::matrix;
use crate::measured;
use crate::picture::picture;
use crate::replay;
use crate::source::{Step, Stretch};
use crate::sources::Sources;

/// The text of the chapter in `file` with HTML for its directives.
pub fn filled_in(text: &str, file: &str, sources: &Sources) -> Result<String> {
    let passages = passages(text).with_context(|| file.to_owned())?;
    let (step, stretches) = sources.steps.of_page(file).unzip();
    let mut stretches: Vec<_> = stretches.into_iter().flatten().map(Some).collect();
    // Where no step's page is, and after the stage at which a page ends, nothing is made.
    if stretches.last().is_none_or(|it| it.is_some_and(|it| it.stage().is_some())) {
        stretches.push(None);
    }
    let root = "../".repeat(file.matches('/').count());
    let mut filled = String::with_capacity(text.len() * 2);
    let mut rest = &passages[..];
    for stretch in stretches {
        let end = rest.iter().position(|it| it.directive("stage").is_some());
        let (here, behind) = rest.split_at(end.map_or(rest.len(), |end| end + 1));
        if let (None, Some(stage)) = (end, stretch.and_then(|stretch| stretch.stage())) {
            bail!("{file} never comes to its stage {stage}");
        }
        let plan = stretch.map(|stretch| Plan::new(stretch.step, stretch.before));
        let writer = Writer { sources, file, step, stretch, plan, root: &root, folds: 0 };
        writer.fill(here, &mut filled)?;
        rest = behind;
    }
    Ok(filled)
}

/// Writes what the directives of one chapter stand for, or of one stretch of it.
struct Writer<'a> {
    sources: &'a Sources,
    file: &'a str,
    /// The step that the chapter is about.
    step: Option<&'a Step>,
    stretch: Option<Stretch<'a>>,
    plan: Option<Plan<'a>>,
    root: &'a str,
    /// How many folds of the text are open.
    folds: usize,
}

impl<'a> Writer<'a> {
    fn fill(mut self, passages: &[Passage], filled: &mut String) -> Result<()> {
        let file = self.file;
        let said = |directive: &Directive| {
            format!("{file}, line {}: {}", directive.line, directive.name)
        };
        for passage in passages {
            if let Passage::Directive(directive) = passage {
                self.announce(directive).with_context(|| said(directive))?;
            }
        }
        for passage in passages {
            match passage {
                Passage::Text(text) => {
                    self.folds += text.matches("<details").count();
                    let closed = text.matches("</details>").count();
                    self.folds = self.folds.saturating_sub(closed);
                    filled.push_str(text);
                }
                Passage::Directive(directive) => {
                    let html = self.html(directive).with_context(|| said(directive))?;
                    let html = html.into_string();
                    // Blank lines around it: to Markdown, HTML ends where a blank line is.
                    filled.push('\n');
                    for line in html.lines() {
                        filled.push_str(&directive.indent);
                        filled.push_str(line);
                        filled.push('\n');
                    }
                    filled.push('\n');
                }
            }
        }
        Ok(())
    }

    /// What a directive further down will show, so that those before it can leave it out.
    fn announce(&mut self, directive: &Directive) -> Result<()> {
        match directive.name.as_str() {
            "listing" => {
                let (plan, reference) = self.here(&directive.words)?;
                plan.announce(&reference.file, &reference.items)
            }
            "removed" => {
                let reference = self.former(Reference::parse(&directive.words)?)?;
                self.plan()?.announce_leaving(&reference.file, &reference.items)
            }
            "moved" => {
                let (old, new) = both_ends(&directive.words)?;
                let old = self.former(old)?;
                let items = if new.items.is_empty() { &old.items } else { &new.items };
                self.plan()?.announce_leaving(&old.file, &old.items)?;
                self.plan()?.announce(&new.file, items)
            }
            _ => Ok(()),
        }
    }

    /// The HTML for a directive.
    fn html(&mut self, directive: &Directive) -> Result<Markup> {
        let words = &directive.words;
        match directive.name.as_str() {
            "listing" => {
                let (plan, reference) = self.here(words)?;
                let listing = plan.listing(&reference.file, &reference.items)?;
                Ok(self.listing(&listing, false))
            }
            "moved" => {
                let (old, new) = both_ends(words)?;
                let old = self.former(old)?;
                let (plan, new) = self.check(new)?;
                let listing =
                    plan.moved((&old.file, &old.items), (&new.file, &new.items))?;
                Ok(self.listing(&listing, false))
            }
            "removed" => {
                let reference = self.former(Reference::parse(words)?)?;
                let listing = self.plan()?.removed(&reference.file, &reference.items)?;
                Ok(self.listing(&listing, false))
            }
            "recall" => {
                let reference = Reference::parse(words)?;
                let step = self.named(&reference.step);
                let step =
                    step.with_context(|| format!("there is no step {}", reference.step))?;
                let listing = recall(step, &reference.file, &reference.items)?;
                Ok(self.listing(&listing, true))
            }
            "answer" => answers::html(&self.sources.answers, words, self.step, self.root),
            "matrix" => {
                ensure!(words.is_empty(), "it takes no words");
                let snapshot = "../tests/tests/snapshots/matrix.snap";
                matrix::table(&self.sources.root.join(snapshot))
            }
            "ledger" => {
                ensure!(words.is_empty(), "it takes no words");
                measured::ledger(&self.sources.root)
            }
            "plot" => measured::plot(&self.sources.root, one_word(words)?),
            "framing" => Ok(framing::table(framing::rows(words)?)),
            "builds" => {
                self.plan()?;
                self.point(directive.line, words, None)
            }
            "stage" => {
                let (name, words) = words.split_first().context("it names a stage")?;
                let next = self.stretch.and_then(|stretch| stretch.stage());
                ensure!(
                    next == Some(name),
                    "the next stage is {}",
                    next.unwrap_or("none")
                );
                self.point(directive.line, words, next)
            }
            "run" => replay::run(&self.sources.root, one_word(words)?),
            "calls" => replay::calls(&self.sources.root, one_word(words)?),
            "replay" => replay::replay(&self.sources.root, words),
            "picture" => {
                picture(&self.sources.chapters.join("pictures"), one_word(words)?)
            }
            name => bail!("there is no directive `{name}`"),
        }
    }

    fn listing(&self, listing: &Listing, recalled: bool) -> Markup {
        let page = Page {
            root: self.root,
            files: self.named(&listing.step).map(|step| &step.files),
            former: self.before().map(|step| &step.files),
            recalled,
            folded: self.folds > 0,
            answer: None,
        };
        listing::html(listing, &page)
    }

    /// A mark on the page that nobody sees: here the crate compiles, and its tests pass.
    fn point(
        &self,
        line: usize,
        words: &[String],
        stage: Option<&str>,
    ) -> Result<Markup> {
        let builds = match words {
            [] => "check",
            [word] if word == "test" => "test",
            _ => bail!("it takes no word but `test`"),
        };
        let place = format!("{}, line {line}", self.file);
        Ok(
            html! { div data-builds=(builds) data-place=(place) data-stage=[stage] hidden {} },
        )
    }

    fn before(&self) -> Option<&'a Step> {
        self.stretch.and_then(|stretch| stretch.before)
    }

    /// A step by its name, or a stage of this chapter's.
    fn named(&self, name: &str) -> Option<&'a Step> {
        let stretches = self.step.map(|step| self.sources.steps.stretches(step));
        let stages = stretches.unwrap_or_default().into_iter().map(|it| it.step);
        let mut stages = stages.filter(|it| it.name == name || it.short_name() == name);
        stages.next().or_else(|| self.sources.steps.get(name))
    }

    fn plan(&mut self) -> Result<&mut Plan<'a>> {
        self.plan.as_mut().context("no program is made here: use recall")
    }

    /// A reference to a file of the step that the chapter is about.
    fn here(&mut self, words: &[String]) -> Result<(&mut Plan<'a>, Reference)> {
        self.check(Reference::parse(words)?)
    }

    fn check(&mut self, reference: Reference) -> Result<(&mut Plan<'a>, Reference)> {
        let name = self.step.map_or("no step", |step| step.name.as_str());
        ensure!(
            reference.step == name,
            "this chapter shows {name}: use recall for other steps"
        );
        Ok((self.plan()?, reference))
    }

    /// A reference to a file of the step before.
    fn former(&self, reference: Reference) -> Result<Reference> {
        let name = self.before().map_or("no step", Step::short_name);
        ensure!(reference.step == name, "what is gone or moved is named as in {name}");
        Ok(reference)
    }
}
