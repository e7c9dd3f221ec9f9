//! What a chapter shows of a step: items, where they belong, and what is new in them.

mod apply;
mod caption;
mod compare;
mod heads;
mod html;
mod moves;
mod news;
mod plan;
mod show;

pub use apply::{Draft, apply_part, text};
pub use compare::likeness;
pub use html::{Page, html};
pub use plan::{Plan, recall};

use crate::source::ItemPath;
use std::ops::Range;

/// One box of code in a chapter.
#[derive(Clone, Debug, PartialEq)]
pub struct Listing {
    /// The folder of the step whose file it shows: `03-states`.
    pub step: String,
    /// The file in that step: `src/connection.rs`.
    pub file: String,
    /// The reader doesn't have the file yet.
    pub is_new_file: bool,
    pub parts: Vec<Part>,
}

/// What stands at one place of the file.
#[derive(Clone, Debug, PartialEq)]
pub struct Part {
    pub path: ItemPath,
    pub role: Role,
    pub act: Act,
    /// The blank lines before it; none if it is the first in its container.
    pub gap: Option<usize>,
    pub lines: Vec<Line>,
    /// Whether it follows in the file right behind the part before it.
    pub adjacent: bool,
}

/// How much of an item a part is.
#[derive(Clone, Debug, PartialEq)]
pub enum Role {
    Whole,
    /// The lines of an `impl`, a trait or a module before its first member.
    Head,
    /// The lines behind its last.
    Tail,
    /// No lines: members that stand here and aren't shown.
    Elided(Vec<Elision>),
}

#[derive(Clone, Debug, PartialEq)]
pub struct Elision {
    pub name: String,
    /// It is as in the step before; else it has a listing of its own in the chapter.
    pub unchanged: bool,
}

/// What the reader does with a part.
#[derive(Clone, Debug, PartialEq)]
pub enum Act {
    /// Puts it behind the item `after` of its container, or at the start.
    Insert { after: Option<String>, from: Option<Origin> },
    /// Puts it where the item of the same name is.
    Replace,
    /// Takes it out.
    Remove,
    /// Nothing: the part belongs to the one before it, or shows no lines.
    Follow,
}

/// Where a moved or renamed item was in the step before.
#[derive(Clone, Debug, PartialEq)]
pub struct Origin {
    pub file: String,
    pub path: ItemPath,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Line {
    pub kind: Kind,
    /// Without the line end.
    pub text: String,
    /// Its number in the file of this step, or of the step before if it is gone.
    pub number: usize,
    /// The bytes that are new in a line that is otherwise kept.
    pub grown: Vec<Range<usize>>,
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Kind {
    Kept,
    New,
    Gone,
}

impl Act {
    /// How the page names it.
    pub fn name(&self) -> Option<&'static str> {
        match self {
            Act::Insert { .. } => Some("insert"),
            Act::Replace => Some("replace"),
            Act::Remove => Some("remove"),
            Act::Follow => None,
        }
    }

    /// Where an item that is inserted was.
    pub fn origin(&self) -> Option<&Origin> {
        match self {
            Act::Insert { from, .. } => from.as_ref(),
            _ => None,
        }
    }
}

impl Part {
    /// The lines that stand in the file of this step.
    pub fn current(&self) -> impl Iterator<Item = &Line> {
        self.lines.iter().filter(|line| line.kind != Kind::Gone)
    }

    /// It shows the item as it stands now, and behind it the item as it was: everywhere else
    /// what is gone stands before what is new.
    pub fn is_rewritten(&self) -> bool {
        let kind = |line: Option<&Line>| line.map(|line| line.kind);
        kind(self.lines.first()) == Some(Kind::New)
            && kind(self.lines.last()) == Some(Kind::Gone)
            && self.lines.iter().all(|line| line.kind != Kind::Kept)
    }
}
