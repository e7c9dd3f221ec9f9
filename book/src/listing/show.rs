//! The parts of one listing.

use std::collections::BTreeSet;

use anyhow::{Context, Result};

use super::apply::{Draft, apply_part};
use super::compare::{all, compare};
use super::moves::{has_left, origin};
use super::{Act, Elision, Kind, Line, Origin, Part, Role};
use crate::source::{Body, ItemPath, Node, Step, Text};

/// A listing as it grows. What it shows is applied to the draft at once.
pub struct Show<'a> {
    pub file: &'a str,
    pub step: &'a Step,
    pub root: &'a Node,
    pub draft: &'a mut Draft,
    /// What has a listing somewhere in the chapter.
    pub named: &'a BTreeSet<(String, ItemPath)>,
    /// What this listing names.
    pub here: &'a [ItemPath],
    /// What is told elsewhere in the chapter to be gone or moved away.
    pub leaving: &'a BTreeSet<(String, ItemPath)>,
    pub parts: Vec<Part>,
}

impl Show<'_> {
    pub fn item(&mut self, path: &[String], origin: Option<&Origin>) -> Result<()> {
        let node = self.root.at(path).context("it isn't there")?;
        let old = match origin {
            Some(origin) => self.draft.at(&origin.file, &origin.path).cloned(),
            None => self.draft.at(self.file, path).cloned(),
        };
        let act = match (&old, origin) {
            (Some(_), None) => Act::Replace,
            _ => {
                let after = self.sibling_before(path, origin);
                Act::Insert { after, from: origin.cloned() }
            }
        };
        let adjacent = self.is_behind_last(path);
        self.node(path, node, old.as_ref(), act, adjacent)
    }

    fn node(
        &mut self,
        path: &[String],
        node: &Node,
        old: Option<&Node>,
        act: Act,
        adjacent: bool,
    ) -> Result<()> {
        let Body::Container { head, members, tail } = &node.body else {
            let lines = lines(old.map(Node::text).as_ref(), &node.text());
            return self.push(path, Role::Whole, act, node.gap, lines, adjacent);
        };
        let (old_head, old_tail) = match old.map(|old| &old.body) {
            Some(Body::Container { head, tail, .. }) => (Some(head), Some(tail)),
            _ => (None, None),
        };
        let has_moved = matches!(&act, Act::Insert { from: Some(_), .. });
        if !head.lines.is_empty() || act != Act::Replace {
            self.push(path, Role::Head, act, node.gap, lines(old_head, head), adjacent)?;
        }
        self.members(path, members, old.filter(|_| has_moved))?;
        if !tail.lines.is_empty() {
            let lines = lines(old_tail, tail);
            self.push(path, Role::Tail, Act::Follow, None, lines, true)?;
        }
        Ok(())
    }

    /// The members of the container at `path`; `former` is the container it was, if it moved.
    fn members(
        &mut self,
        path: &[String],
        members: &[Node],
        former: Option<&Node>,
    ) -> Result<()> {
        let mut elided = Vec::new();
        for member in members {
            self.gone(path, Some(&member.name), members, &mut elided)?;
            let at = [path, std::slice::from_ref(&member.name)].concat();
            let key = (self.file.to_owned(), at.clone());
            let is_elsewhere = self.named.contains(&key) && !self.here.contains(&at);
            let before = self.draft.at(self.file, &at);
            let is_unchanged = before.is_some_and(|old| {
                let is_in_place =
                    member.gap.is_none_or(|gap| gap == old.gap.unwrap_or(1));
                is_in_place && old.lines() == member.lines()
            });
            let name = crate::source::spoken(&at);
            if is_elsewhere || is_unchanged && !self.here.contains(&at) {
                elided.push(Elision { name, unchanged: !is_elsewhere });
                continue;
            }
            self.elide(path, &mut elided)?;
            match former {
                Some(container) => {
                    let old = container.at(std::slice::from_ref(&member.name)).cloned();
                    let after = self.sibling_before(&at, None);
                    let act = Act::Insert { after, from: None };
                    self.node(&at, member, old.as_ref(), act, true)?;
                }
                None => {
                    let from = origin(self.step, self.draft, self.file, &at);
                    self.item(&at, from.as_ref())?;
                }
            }
        }
        self.gone(path, None, members, &mut elided)?;
        self.elide(path, &mut elided)
    }

    /// Shows what stood in the draft before the new item called `name`, or at the end of the
    /// container, and is no more.
    fn gone(
        &mut self,
        path: &[String],
        name: Option<&str>,
        members: &[Node],
        elided: &mut Vec<Elision>,
    ) -> Result<()> {
        let old = self.draft.at(self.file, path).map_or(&[][..], Node::members);
        let end = match name {
            Some(name) => old.iter().position(|it| it.name == name),
            None => Some(old.len()),
        };
        let stays = |it: &&Node| members.iter().any(|member| member.name == it.name);
        let before = old[..end.unwrap_or(0)].iter().rev();
        let mut gone: Vec<Node> = before.take_while(|it| !stays(it)).cloned().collect();
        while let Some(node) = gone.pop() {
            let at = [path, std::slice::from_ref(&node.name)].concat();
            let is_told = self.leaving.contains(&(self.file.to_owned(), at.clone()));
            if !is_told && !has_left(self.step, self.draft, &at, &node) {
                self.elide(path, elided)?;
                let lines = all(&node.text(), Kind::Gone);
                self.push(&at, Role::Whole, Act::Remove, None, lines, true)?;
            }
        }
        Ok(())
    }

    fn elide(&mut self, path: &[String], elided: &mut Vec<Elision>) -> Result<()> {
        if elided.is_empty() {
            return Ok(());
        }
        let role = Role::Elided(std::mem::take(elided));
        self.push(path, role, Act::Follow, None, Vec::new(), true)
    }

    fn push(
        &mut self,
        path: &[String],
        role: Role,
        act: Act,
        gap: Option<usize>,
        lines: Vec<Line>,
        adjacent: bool,
    ) -> Result<()> {
        let path = path.to_owned();
        let part = Part { path, role, act, gap, lines, adjacent };
        apply_part(self.draft, self.file, &part)?;
        self.parts.push(part);
        Ok(())
    }

    /// The nearest item before this one that the reader has. It isn't the one that this one comes
    /// `from`: a function may leave its name to a new one above it.
    fn sibling_before(&self, path: &[String], from: Option<&Origin>) -> Option<String> {
        let (name, container) = path.split_last()?;
        let from = from.filter(|it| it.file == self.file);
        let leaves = from.and_then(|it| it.path.split_last());
        let siblings = self.root.at(container)?.members();
        let position = siblings.iter().position(|it| it.name == *name)?;
        let present = self.draft.at(self.file, container)?;
        let is_present = |it: &&Node| {
            let is_there = present.members().iter().any(|other| other.name == it.name);
            is_there && leaves != Some((&it.name, container))
        };
        siblings[..position].iter().rev().find(is_present).map(|it| it.name.clone())
    }

    /// Whether the last part shown is the item right before this one, or its container's head.
    fn is_behind_last(&self, path: &[String]) -> bool {
        let Some(last) = self.parts.last() else {
            return false;
        };
        let Some((name, container)) = path.split_last() else {
            return false;
        };
        if matches!(last.role, Role::Elided(_)) || last.path == container {
            return true;
        }
        let siblings = self.root.at(container).map(Node::members).unwrap_or_default();
        let position = siblings.iter().position(|it| it.name == *name);
        let before =
            position.and_then(|at| at.checked_sub(1)).map(|at| &siblings[at].name);
        last.path.split_last() == before.map(|name| (name, container))
    }
}

fn lines(old: Option<&Text>, new: &Text) -> Vec<Line> {
    match old {
        Some(old) => compare(old, new),
        None => all(new, Kind::New),
    }
}
