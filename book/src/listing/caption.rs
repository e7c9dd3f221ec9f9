//! In words: which part of which file, and what to do with it.

use maud::{Markup, html};

use super::{Act, Listing, Origin, Part, Role};
use crate::source::spoken;

/// Parts that stand together and share a caption.
pub struct Block<'a> {
    pub parts: &'a [Part],
    pub caption: Markup,
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
fn verb(part: &Part) -> (Option<&str>, Option<&str>, bool) {
    let (act, from) = (part.act.name(), part.act.origin());
    let is_rewritten = part.act == Act::Replace && part.is_rewritten();
    (act, from.map(|origin| origin.file.as_str()), is_rewritten)
}

fn caption(parts: &[Part], file: &str, is_new_file: bool) -> Markup {
    let Some(first) = parts.iter().find(|part| part.act != Act::Follow) else {
        return html! { "as before" };
    };
    let changed = if first.is_rewritten() { "rewritten" } else { "changed" };
    html! {
        @match &first.act {
            Act::Insert { from: Some(origin), .. } => {
                (moved(first, origin, file))
                @if first.is_rewritten() {
                    ", " (changed)
                } @else if parts.iter().all(is_now_public) {
                    ", now " code { "pub" }
                }
            },
            Act::Insert { .. } if is_new_file => "new file",
            Act::Insert { after, .. } => { "new, " (place(first, after.as_deref())) },
            Act::Replace => @match first.path.as_slice() {
                [] => (changed),
                [name] if name == "imports" => { "the top of the file, " (changed) },
                _ => { (names(parts, &first.act)) ", " (changed) },
            },
            Act::Remove if first.path.is_empty() => "the whole file is gone",
            Act::Remove => { "gone: " (names(parts, &first.act)) },
            Act::Follow => {},
        }
    }
}

fn names(parts: &[Part], act: &Act) -> Markup {
    let of_act = || parts.iter().filter(|part| part.act == *act);
    let depth = of_act().map(|part| part.path.len()).min().unwrap_or(0);
    let named = of_act().filter(|part| part.path.len() == depth);
    let names: Vec<Markup> = named.map(|part| code(&spoken(&part.path))).collect();
    list(&names)
}

fn moved(part: &Part, origin: &Origin, file: &str) -> Markup {
    let (old, new) = (spoken(&origin.path), spoken(&part.path));
    html! {
        @match (origin.file == file, old == new) {
            (true, _) => { "formerly " (code(&old)) },
            (false, true) => { "moved from " (code(&origin.file)) },
            (false, false) => {
                "moved from " (code(&origin.file)) ", formerly " (code(&old))
            },
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

fn place(part: &Part, after: Option<&str>) -> Markup {
    let container = part.path.split_last().map_or(&[][..], |(_, container)| container);
    html! {
        @if !container.is_empty() { "in " (code(&container.join("::"))) ", " }
        @match (after, part.gap) {
            (None, _) => "at the start",
            (Some("imports"), _) => "after the imports",
            (Some(name), Some(0)) => { "directly after " (code(name)) },
            (Some(name), _) => { "after " (code(name)) },
        }
    }
}

/// A name, without the number that tells an item from another of the same name.
pub fn code(text: &str) -> Markup {
    let mut parts = text.split('#');
    let first = parts.next().unwrap_or_default().to_owned();
    let rest = parts.map(|part| part.trim_start_matches(|it: char| it.is_ascii_digit()));
    html! { code { (rest.fold(first, |name, part| name + part)) } }
}

/// `a`, `b` and `c`.
pub fn list(words: &[Markup]) -> Markup {
    html! {
        @for (index, word) in words.iter().enumerate() {
            @match index {
                0 => {},
                _ if index + 1 == words.len() => " and ",
                _ => ", ",
            }
            (word)
        }
    }
}
