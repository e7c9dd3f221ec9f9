//! What has become of a line, as those are told who see no colours.

use super::{Act, Kind, Line, Part};

#[derive(Clone, Copy, Debug, PartialEq)]
pub enum News {
    Kept,
    /// Words were put into it.
    Changed,
    New,
    Gone,
}

impl News {
    pub fn of(line: &Line) -> News {
        match line.kind {
            Kind::Kept if line.grown.is_empty() => News::Kept,
            Kind::Kept => News::Changed,
            Kind::New => News::New,
            Kind::Gone => News::Gone,
        }
    }

    /// What the caption of these parts says of their lines; only others need a word.
    pub fn by_caption(parts: &[Part]) -> News {
        match parts.iter().map(|part| &part.act).find(|act| **act != Act::Follow) {
            Some(Act::Insert { from: None, .. }) => News::New,
            Some(Act::Remove) => News::Gone,
            _ => News::Kept,
        }
    }

    pub fn word(self) -> &'static str {
        match self {
            News::Kept => "as before",
            News::Changed => "changed",
            News::New => "new",
            News::Gone => "gone",
        }
    }
}
