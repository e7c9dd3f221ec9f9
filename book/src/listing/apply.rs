//! Doing what a listing says: from the files of one step to those of the next.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Context, Result, bail, ensure};

use super::{Act, Origin, Part, Role};
use crate::source::{Body, ItemPath, Node, Step, Text};

/// The files as a reader has them who has followed the chapter so far.
#[derive(Clone, Default)]
pub struct Draft {
    pub files: BTreeMap<String, Node>,
    /// What the chapter has shown, so that nothing is shown twice.
    done: BTreeSet<(String, ItemPath, &'static str)>,
}

impl Draft {
    /// The files of the step before, or none.
    pub fn new(before: Option<&Step>) -> Draft {
        let files = before.map(|step| &step.files).into_iter().flatten();
        let files = files.map(|(path, file)| (path.clone(), file.outline.clone()));
        Draft { files: files.collect(), done: BTreeSet::new() }
    }

    pub fn at(&self, file: &str, path: &[String]) -> Option<&Node> {
        self.files.get(file)?.at(path)
    }

    pub fn is_done(&self, file: &str, path: &[String]) -> bool {
        let whole = (file.to_owned(), path.to_owned(), "shown");
        self.done.contains(&whole)
    }
}

/// The text of a file.
pub fn text(root: &Node) -> String {
    root.lines().concat()
}

pub fn apply_part(draft: &mut Draft, file: &str, part: &Part) -> Result<()> {
    let what = match part.role {
        Role::Elided(_) => return Ok(()),
        Role::Tail => "end",
        Role::Whole | Role::Head => "shown",
    };
    let shown = (file.to_owned(), part.path.clone(), what);
    ensure!(draft.done.insert(shown), "is shown a second time");
    if let Role::Tail = part.role {
        let node = node(draft, file, &part.path)?;
        let Body::Container { tail, .. } = &mut node.body else {
            bail!("has no end of its own");
        };
        *tail = lines(part);
        return Ok(());
    }
    match &part.act {
        Act::Insert { after, from } => {
            if let Some(origin) = from {
                take(draft, origin)?;
            }
            insert(draft, file, part, after.as_deref())
        }
        Act::Replace => {
            replace(node(draft, file, &part.path)?, part);
            Ok(())
        }
        Act::Remove => {
            take(draft, &Origin { file: file.to_owned(), path: part.path.clone() })
        }
        Act::Follow => Ok(()),
    }
}

fn node<'a>(draft: &'a mut Draft, file: &str, path: &[String]) -> Result<&'a mut Node> {
    let root = draft.files.get_mut(file).context("the file isn't there yet")?;
    let name = path.join("::");
    root.at_mut(path).with_context(|| format!("`{name}` hasn't been shown yet"))
}

fn take(draft: &mut Draft, origin: &Origin) -> Result<()> {
    let gone = match origin.path.as_slice() {
        [] => draft.files.remove(&origin.file),
        path => draft.files.get_mut(&origin.file).and_then(|root| root.remove(path)),
    };
    // A file that nothing is left of is gone.
    if draft.files.get(&origin.file).is_some_and(|root| root.lines().is_empty()) {
        draft.files.remove(&origin.file);
    }
    gone.map(drop).with_context(|| format!("isn't in {} (any more)", origin.file))
}

fn insert(draft: &mut Draft, file: &str, part: &Part, after: Option<&str>) -> Result<()> {
    let mut new =
        Node { name: String::new(), gap: None, body: Body::Leaf(Text::default()) };
    replace(&mut new, part);
    let Some((name, container)) = part.path.split_last() else {
        ensure!(!draft.files.contains_key(file), "the file is there already");
        draft.files.insert(file.to_owned(), new);
        return Ok(());
    };
    if container.is_empty() && !draft.files.contains_key(file) {
        draft.files.insert(file.to_owned(), Node::container(""));
    }
    let siblings = node(draft, file, container)?.members_mut();
    let siblings = siblings.context("stands in something without members")?;
    ensure!(siblings.iter().all(|it| it.name != *name), "is there already");
    let position = match after {
        None => 0,
        Some(after) => {
            let found = siblings.iter().position(|it| it.name == after);
            1 + found.with_context(|| {
                format!("`{after}`, which it should follow, isn't there")
            })?
        }
    };
    siblings.insert(position, Node { name: name.clone(), ..new });
    Ok(())
}

fn replace(node: &mut Node, part: &Part) {
    node.gap = part.gap.or(node.gap);
    match (&part.role, &mut node.body) {
        (Role::Head, Body::Container { head, .. }) => *head = lines(part),
        (Role::Head, body) => {
            let (head, tail) = (lines(part), Text::default());
            *body = Body::Container { head, members: Vec::new(), tail };
        }
        (_, body) => *body = Body::Leaf(lines(part)),
    }
}

fn lines(part: &Part) -> Text {
    let first = part.current().next().map_or(0, |line| line.number);
    Text { first, lines: part.current().map(|line| format!("{}\n", line.text)).collect() }
}
