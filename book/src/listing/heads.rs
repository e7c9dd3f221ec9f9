//! The head of a file in short: which modules and imports come and go.

use maud::{Markup, html};

use super::caption::Block;
use super::news::News;
use super::{Act, Line};

/// More changes are shown in their place at once.
const FEW: usize = 4;

/// The lines that change in a head, if each says by itself what it is and they are few.
pub fn changes<'a>(block: &Block<'a>) -> Option<Vec<&'a Line>> {
    let [part] = block.parts else {
        return None;
    };
    if part.act != Act::Replace || part.path != ["imports"] {
        return None;
    }
    let changes: Vec<&Line> = part.lines.iter().filter(|line| is_change(line)).collect();
    let are_whole = changes.iter().all(|line| is_statement(line.text.trim()));
    (are_whole && (1..=FEW).contains(&changes.len())).then_some(changes)
}

fn is_change(line: &Line) -> bool {
    News::of(line) != News::Kept && !line.text.trim().is_empty()
}

fn is_statement(text: &str) -> bool {
    let starts = ["use ", "mod ", "pub use ", "pub mod "];
    text.ends_with(';') && starts.iter().any(|start| text.starts_with(start))
}

/// One row for all of them; the head itself is folded below it.
pub fn summary(changes: &[&Line]) -> Markup {
    html! {
        summary {
            @for line in changes {
                @let (class, sign) = match News::of(line) {
                    News::Gone => ("gone", "− "),
                    News::Changed => ("changed", "~ "),
                    _ => ("new", "+ "),
                };
                code class=(class) { (sign) (line.text.trim()) }
                " "
            }
        }
    }
}
