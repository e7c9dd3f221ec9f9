//! In words: which part of which file, and what to do with it.

use super::{Act, Listing, Origin, Part, Role};
use crate::source::spoken;

/// Parts that stand together and share a caption.
pub struct Block<'a> {
    pub parts: &'a [Part],
    /// HTML.
    pub caption: String,
}

pub fn blocks(listing: &Listing) -> Vec<Block<'_>> {
    let mut blocks = Vec::new();
    let mut start = 0;
    for end in 1..=listing.parts.len() {
        let is_end = listing.parts.get(end).is_none_or(|part| {
            let top = &listing.parts[start];
            !part.adjacent
                || part.path.len() <= top.path.len()
                    && !matches!(part.role, Role::Tail | Role::Elided(_))
                    && verb(part) != verb(top)
        });
        if is_end {
            let parts = &listing.parts[start..end];
            let is_new_file = listing.is_new_file && start == 0;
            blocks.push(Block {
                parts,
                caption: caption(parts, &listing.file, is_new_file),
            });
            start = end;
        }
    }
    blocks
}

/// What a part's caption begins with, so that neighbours with the same share one.
fn verb(part: &Part) -> (u8, Option<&str>) {
    match &part.act {
        Act::Insert { from: None, .. } => (0, None),
        Act::Insert { from: Some(origin), .. } => (1, Some(&origin.file)),
        Act::Replace if part.is_rewritten() => (2, None),
        Act::Replace => (3, None),
        Act::Remove => (4, None),
        Act::Follow => (5, None),
    }
}

fn caption(parts: &[Part], file: &str, is_new_file: bool) -> String {
    let Some(first) = parts.iter().find(|part| part.act != Act::Follow) else {
        return "as before".into();
    };
    let changed = if first.is_rewritten() { "rewritten" } else { "changed" };
    match &first.act {
        Act::Insert { from: Some(origin), .. } if first.is_rewritten() => {
            format!("{}, {changed}", moved(first, origin, file))
        }
        Act::Insert { from: Some(origin), .. } => {
            let moved = moved(first, origin, file);
            let now = if parts.iter().all(is_now_public) {
                ", now <code>pub</code>"
            } else {
                ""
            };
            format!("{moved}{now}")
        }
        Act::Insert { .. } if is_new_file => "new file".into(),
        Act::Insert { after, .. } => format!("new, {}", place(first, after.as_deref())),
        Act::Replace => match first.path.as_slice() {
            [] => changed.into(),
            [name] if name == "imports" => format!("the head of the file, {changed}"),
            _ => format!("{}, {changed}", names(parts, &first.act)),
        },
        Act::Remove if first.path.is_empty() => "the whole file is gone".into(),
        Act::Remove => format!("gone: {}", names(parts, &first.act)),
        Act::Follow => String::new(),
    }
}

fn names(parts: &[Part], act: &Act) -> String {
    let depth = parts.iter().map(|part| part.path.len()).min().unwrap_or(0);
    let named = parts.iter().filter(|part| part.path.len() == depth && part.act == *act);
    let names: Vec<String> = named.map(|part| code(&spoken(&part.path))).collect();
    list(&names)
}

fn moved(part: &Part, origin: &Origin, file: &str) -> String {
    let (old, new) = (spoken(&origin.path), spoken(&part.path));
    match (origin.file == file, old == new) {
        (true, _) => format!("formerly {}", code(&old)),
        (false, true) => format!("moved from {}", code(&origin.file)),
        (false, false) => {
            format!("moved from {}, formerly {}", code(&origin.file), code(&old))
        }
    }
}

/// `pub` is put before the first word and nothing else is changed.
fn is_now_public(part: &Part) -> bool {
    let mut lines = part.lines.iter();
    lines.any(|line| {
        line.grown.iter().any(|range| line.text[range.clone()].trim() == "pub")
    })
}

fn place(part: &Part, after: Option<&str>) -> String {
    let after = match (after, part.gap) {
        (None, _) => "at the start".into(),
        (Some("imports"), _) => "after the imports".into(),
        (Some(name), Some(0)) => format!("directly after {}", code(name)),
        (Some(name), _) => format!("after {}", code(name)),
    };
    match part.path.split_last() {
        Some((_, container)) if !container.is_empty() => {
            let container = container.join("::");
            format!("in {}, {after}", code(&container))
        }
        _ => after,
    }
}

/// A name, without the number that tells an item from another of the same name.
pub fn code(text: &str) -> String {
    let mut parts = text.split('#');
    let first = parts.next().unwrap_or_default().to_owned();
    let rest = parts.map(|part| part.trim_start_matches(|it: char| it.is_ascii_digit()));
    let plain = rest.fold(first, |name, part| name + part);
    format!("<code>{}</code>", super::html::escape(&plain))
}

/// `a`, `b` and `c`.
pub fn list(words: &[String]) -> String {
    match words {
        [] => String::new(),
        [word] => word.clone(),
        [words @ .., last] => format!("{} and {last}", words.join(", ")),
    }
}
