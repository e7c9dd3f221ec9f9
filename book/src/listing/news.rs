//! What has become of a line, as those are told who see no colours.

use super::{Act, Kind, Line, Part};

#[derive(Clone, Copy, Debug, PartialEq)]
pub enum News {
    Kept,
    /// Words were put into it.
    Changed,
    New,
    Gone,
    /// As it stands now; what it was stands below.
    Rewritten,
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
        let Some(first) = parts.iter().find(|part| part.act != Act::Follow) else {
            return News::Kept;
        };
        match first.act {
            Act::Insert { from: None, .. } => News::New,
            Act::Remove => News::Gone,
            _ if first.is_rewritten() => News::Rewritten,
            _ => News::Kept,
        }
    }

    /// A summary says it of the lines below.
    pub fn told(self, told: &mut News) -> &mut News {
        *told = self;
        told
    }

    pub fn word(self) -> &'static str {
        match self {
            News::Kept => "as before",
            News::Changed => "changed",
            News::New => "new",
            News::Gone => "gone",
            News::Rewritten => "rewritten",
        }
    }
}
