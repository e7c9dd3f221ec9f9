//! What each listing of a chapter shows, given what the chapter has shown before it.

use std::collections::BTreeSet;

use anyhow::{Context, Result, bail, ensure};

use super::apply::{Draft, apply_part};
use super::compare::all;
use super::moves::origin;
use super::show::Show;
use super::{Act, Kind, Line, Listing, Origin, Part, Role};
use crate::source::{ItemPath, Node, Step, find, spoken};

/// A chapter's listings so far, and what they leave to be shown.
pub struct Plan<'a> {
    step: &'a Step,
    before: Option<&'a Step>,
    draft: Draft,
    /// What some listing of the chapter names, here or further down.
    named: BTreeSet<(String, ItemPath)>,
    /// What some listing says is gone or moved away, named as in the step before.
    leaving: BTreeSet<(String, ItemPath)>,
}

impl<'a> Plan<'a> {
    pub fn new(step: &'a Step, before: Option<&'a Step>) -> Plan<'a> {
        let (named, leaving) = Default::default();
        Plan { step, before, draft: Draft::new(before), named, leaving }
    }

    /// Announces a listing further down: until then its items are left out elsewhere.
    pub fn announce(&mut self, file: &str, items: &[String]) -> Result<()> {
        for path in self.paths(file, items)? {
            self.named.insert((file.to_owned(), path));
        }
        Ok(())
    }

    /// Announces that items of the step before are told to be gone or moved further down.
    pub fn announce_leaving(&mut self, file: &str, items: &[String]) -> Result<()> {
        for path in self.old_paths(file, items)? {
            self.leaving.insert((file.to_owned(), path));
        }
        Ok(())
    }

    pub fn listing(&mut self, file: &str, items: &[String]) -> Result<Listing> {
        let paths = self.paths(file, items)?;
        let origin = |path: &ItemPath| origin(self.step, &self.draft, file, path);
        let origins = paths.iter().map(origin).collect();
        self.show(file, paths, origins)
    }

    pub fn moved(
        &mut self,
        (old_file, old_items): (&str, &[String]),
        (file, items): (&str, &[String]),
    ) -> Result<Listing> {
        let items = if items.is_empty() { old_items } else { items };
        let (old_paths, paths) =
            (self.old_paths(old_file, old_items)?, self.paths(file, items)?);
        ensure!(old_paths.len() == paths.len(), "as many items must arrive as leave");
        let origin = |path| Some(Origin { file: old_file.to_owned(), path });
        self.show(file, paths, old_paths.into_iter().map(origin).collect())
    }

    pub fn removed(&mut self, file: &str, items: &[String]) -> Result<Listing> {
        let before = self.before.context("no step comes before this one")?;
        let mut parts = Vec::new();
        for path in self.old_paths(file, items)? {
            let node = self.draft.at(file, &path).context("it is gone already")?;
            let lines = all(&node.text(), Kind::Gone);
            let (role, act) = (Role::Whole, Act::Remove);
            parts.push(Part { path, role, act, gap: None, lines, adjacent: false });
        }
        let (step, file) = (before.name.clone(), file.to_owned());
        for part in &parts {
            apply_part(&mut self.draft, &file, part)?;
        }
        Ok(Listing { step, file, is_new_file: false, parts })
    }

    fn show(
        &mut self,
        file: &str,
        paths: Vec<ItemPath>,
        origins: Vec<Option<Origin>>,
    ) -> Result<Listing> {
        for path in &paths {
            let name =
                if path.is_empty() { "it".into() } else { format!("`{}`", spoken(path)) };
            let is_done = self.draft.is_done(file, path);
            ensure!(!is_done, "{name} has been shown; to show it again, use recall");
        }
        let mut targets: Vec<(ItemPath, Option<Origin>)> =
            paths.iter().cloned().zip(origins).collect();
        let root = self.root(file)?;
        targets.sort_by_key(|(path, _)| position(root, path));
        // A member whose container is shown too is shown inside it.
        let is_inside = |path: &ItemPath| {
            paths.iter().any(|other| other.len() < path.len() && path.starts_with(other))
        };
        targets.retain(|(path, _)| !is_inside(path));

        let is_new_file = !self.draft.files.contains_key(file);
        let mut show = Show {
            file,
            step: self.step,
            root,
            draft: &mut self.draft,
            named: &self.named,
            here: &paths,
            leaving: &self.leaving,
            parts: Vec::new(),
        };
        for (path, origin) in &targets {
            show.item(path, origin.as_ref())?;
        }
        let (step, parts) = (self.step.name.clone(), show.parts);
        Ok(Listing { step, file: file.to_owned(), is_new_file, parts })
    }

    fn root(&self, file: &str) -> Result<&'a Node> {
        let found = self.step.files.get(file);
        let said = || format!("there is no {file} in {}", self.step.name);
        Ok(&found.with_context(said)?.outline)
    }

    fn paths(&self, file: &str, items: &[String]) -> Result<Vec<ItemPath>> {
        resolve(self.root(file)?, file, items)
    }

    fn old_paths(&self, file: &str, items: &[String]) -> Result<Vec<ItemPath>> {
        let before = self.before.context("no step comes before this one")?;
        let found = before.files.get(file);
        let found =
            found.with_context(|| format!("there is no {file} in {}", before.name))?;
        resolve(&found.outline, file, items)
    }
}

fn resolve(root: &Node, file: &str, items: &[String]) -> Result<Vec<ItemPath>> {
    if items.is_empty() {
        return Ok(vec![ItemPath::new()]);
    }
    let mut paths = Vec::new();
    for item in items {
        let path = find(root, item).with_context(|| format!("in {file}"))?;
        if paths.contains(&path) {
            bail!("`{item}` is named twice");
        }
        paths.push(path);
    }
    Ok(paths)
}

fn position(root: &Node, path: &[String]) -> usize {
    root.at(path).map_or(0, Node::first_line)
}

/// An item as it is, for reading only.
pub fn recall(step: &Step, file: &str, items: &[String]) -> Result<Listing> {
    let found = step.files.get(file);
    let found = found.with_context(|| format!("there is no {file} in {}", step.name))?;
    let mut parts = Vec::new();
    for path in resolve(&found.outline, file, items)? {
        let text = found.outline.at(&path).context("it isn't there")?.text();
        let lines: Vec<Line> = all(&text, Kind::Kept);
        let (role, act) = (Role::Whole, Act::Follow);
        parts.push(Part { path, role, act, gap: None, lines, adjacent: false });
    }
    let (step, file) = (step.name.clone(), file.to_owned());
    Ok(Listing { step, file, is_new_file: false, parts })
}
