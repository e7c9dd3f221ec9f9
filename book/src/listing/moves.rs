//! Items that left one file for another.

use super::Origin;
use super::apply::Draft;
use super::compare::likeness;
use crate::source::{Node, Step};

/// How alike an item must be to one of the same name in another file to have come from there.
const ALIKE: f32 = 0.3;

/// Where an item was that `file` didn't have and that another file of `step` has no more.
pub fn origin(step: &Step, draft: &Draft, file: &str, path: &[String]) -> Option<Origin> {
    if !may_move(path) || draft.at(file, path).is_some() {
        return None;
    }
    let new = step.files.get(file)?.outline.at(path)?;
    let mut files = draft.files.iter();
    let (from, _) = files.find(|(other, root)| {
        let has_left =
            step.files.get(*other).is_none_or(|source| source.outline.at(path).is_none());
        has_left && root.at(path).is_some_and(|old| likeness(old, new) >= ALIKE)
    })?;
    Some(Origin { file: from.clone(), path: path.to_owned() })
}

/// Whether an item that `file` has in the draft is in another file of `step`.
pub fn has_left(step: &Step, draft: &Draft, path: &[String], old: &Node) -> bool {
    may_move(path)
        && step.files.iter().any(|(file, source)| {
            let arrived = source.outline.at(path);
            draft.at(file, path).is_none()
                && arrived.is_some_and(|new| likeness(old, new) >= ALIKE)
        })
}

fn may_move(path: &[String]) -> bool {
    matches!(path, [name] if name != "imports")
}
