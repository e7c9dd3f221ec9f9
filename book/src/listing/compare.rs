//! The lines of an item against those of the step before.

use std::ops::Range;

use similar::{Algorithm, DiffOp, capture_diff_slices, diff_ratio};

use super::{Kind, Line};
use crate::source::{Node, Text};

/// How much of a line must be kept for it to count as kept with something put in.
const ALIKE: f32 = 0.4;
/// How much of what is shown must stand as it stood for the changes to be shown in their places.
const STANDING: f32 = 0.25;

/// The lines of `new`, and where they stood those of `old` that are gone. If little is left as it
/// was, all of `new`, and behind it all of `old`.
pub fn compare(old: &Text, new: &Text) -> Vec<Line> {
    let (before, after) = (&old.lines, &new.lines);
    let mut lines = Vec::new();
    let mut standing = 0;
    for op in capture_diff_slices(Algorithm::Patience, before, after) {
        if let DiffOp::Equal { new_index, len, .. } = op {
            standing += len;
            lines
                .extend((new_index..new_index + len).map(|at| line(new, at, Kind::Kept)));
        } else {
            replace((old, op.old_range()), (new, op.new_range()), &mut lines);
        }
    }
    if is_torn(&lines, standing) {
        lines = [all(new, Kind::New), all(old, Kind::Gone)].concat();
    }
    lines
}

/// Whether what is gone lies about between the new, with little around it that stands as it stood.
fn is_torn(lines: &[Line], standing: usize) -> bool {
    let runs = lines.chunk_by(|a, b| a.kind == b.kind);
    let places = runs.filter(|run| run[0].kind == Kind::Gone).count();
    places > 1 && (standing as f32) < STANDING * lines.len() as f32
}

/// All lines of `text` as one kind.
pub fn all(text: &Text, kind: Kind) -> Vec<Line> {
    (0..text.lines.len()).map(|at| line(text, at, kind)).collect()
}

/// How alike two items are, from 0 to 1.
pub fn likeness(old: &Node, new: &Node) -> f32 {
    let (old, new) = (old.lines(), new.lines());
    let ops = capture_diff_slices(Algorithm::Myers, &old, &new);
    diff_ratio(&ops, old.len(), new.len())
}

fn line(text: &Text, at: usize, kind: Kind) -> Line {
    let content = text.lines[at].trim_end_matches('\n').to_owned();
    Line { kind, text: content, number: text.first + at, grown: Vec::new() }
}

/// Some lines instead of others. A line that only had something put in counts as kept.
fn replace(
    (old, old_range): (&Text, Range<usize>),
    (new, new_range): (&Text, Range<usize>),
    lines: &mut Vec<Line>,
) {
    let mut rest = old_range.start;
    for at in new_range {
        let grown = (rest..old_range.end).find_map(|from| {
            let grown = insertions(&old.lines[from], &new.lines[at])?;
            Some((from, grown))
        });
        if let Some((from, grown)) = grown {
            lines.extend((rest..from).map(|at| line(old, at, Kind::Gone)));
            rest = from + 1;
            lines.push(Line { grown, ..line(new, at, Kind::Kept) });
        } else {
            lines.push(line(new, at, Kind::New));
        }
    }
    lines.extend((rest..old_range.end).map(|at| line(old, at, Kind::Gone)));
    gone_first(lines);
}

/// Puts the lines that are gone before the new ones they made room for.
fn gone_first(lines: &mut [Line]) {
    for run in lines.chunk_by_mut(|a, b| a.kind != Kind::Kept && b.kind != Kind::Kept) {
        run.sort_by_key(|line| line.kind != Kind::Gone);
    }
}

/// The bytes of `new` that were put into `old`, if nothing else happened to it.
fn insertions(old: &str, new: &str) -> Option<Vec<Range<usize>>> {
    let (old, new) =
        (words(old.trim_end_matches('\n')), words(new.trim_end_matches('\n')));
    let mut at = 0;
    let (mut kept, mut grown) = (0, Vec::new());
    for op in capture_diff_slices(Algorithm::Myers, &old, &new) {
        let length: usize = new[op.new_range()].iter().map(|word| word.len()).sum();
        match op {
            DiffOp::Equal { .. } => kept += new[op.new_range()].concat().trim().len(),
            // A deeper indent is no word.
            DiffOp::Insert { .. } if is_blank(&new[..op.new_range().end]) => {}
            DiffOp::Insert { .. } => grown.push(at..at + length),
            DiffOp::Delete { .. } | DiffOp::Replace { .. } => return None,
        }
        at += length;
    }
    let is_alike = kept > 3 && kept as f32 >= ALIKE * new.concat().trim().len() as f32;
    is_alike.then_some(grown)
}

fn is_blank(words: &[String]) -> bool {
    words.iter().all(|word| word.trim().is_empty())
}

/// Names and numbers whole, every other character by itself.
fn words(line: &str) -> Vec<String> {
    let is_name = |it: char| it.is_alphanumeric() || it == '_';
    let signs: Vec<char> = line.chars().collect();
    signs.chunk_by(|a, b| is_name(*a) && is_name(*b)).map(String::from_iter).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(lines: &str) -> Text {
        Text { first: 1, lines: lines.split_inclusive('\n').map(str::to_owned).collect() }
    }

    /// Each line with a sign before it, and what grew in brackets.
    fn marked(old: &str, new: &str) -> Vec<String> {
        let mark = |line: &Line| {
            let sign = match line.kind {
                Kind::Kept => ' ',
                Kind::New => '+',
                Kind::Gone => '-',
            };
            let mut text = line.text.clone();
            for range in line.grown.iter().rev() {
                text.insert(range.end, ']');
                text.insert(range.start, '[');
            }
            format!("{sign}{text}")
        };
        compare(&text(old), &text(new)).iter().map(mark).collect()
    }

    #[test]
    fn what_is_gone_stands_before_what_replaced_it() {
        let lines = marked("a();\nlet b = 1;\nc();\n", "a();\nreturn 2;\nd();\nc();\n");
        assert_eq!(lines, [" a();", "-let b = 1;", "+return 2;", "+d();", " c();"]);
    }

    #[test]
    fn a_line_that_only_grew_is_kept() {
        let lines = marked(
            "use std::io;\nfn a() {\n",
            "use std::io::{self, Read};\npub fn a() {\n",
        );
        assert_eq!(lines, [" use std::io[::{self, Read}];", " [pub ]fn a() {"]);
    }

    #[test]
    fn a_deeper_indent_is_no_news() {
        assert_eq!(marked("  send(all);\n", "    send(all);\n"), ["     send(all);"]);
    }

    #[test]
    fn an_item_of_which_little_stands_as_it_stood_is_rewritten() {
        let old = "fn a() {\n    one();\n    two();\n    three();\n}\n";
        let new = "fn a() {\n    loop {\n        if one() {\n            two();\n            \
                   four();\n        }\n    }\n}\n";
        let lines = marked(old, new);
        let sign = |line: &String| line.chars().next().unwrap();
        let signs: String = lines.iter().map(sign).collect();
        assert_eq!(signs, "++++++++-----", "{lines:?}");
        let texts: Vec<&str> = lines.iter().map(|line| &line[1..]).collect();
        assert_eq!(texts.join("\n") + "\n", format!("{new}{old}"));
    }

    #[test]
    fn a_whole_block_in_place_of_another_is_no_rewriting() {
        let lines = marked("a();\nb();\nc();\nd();\n", "e();\nf();\ng();\nd();\n");
        let block = ["-a();", "-b();", "-c();", "+e();", "+f();", "+g();", " d();"];
        assert_eq!(lines, block);
    }

    #[test]
    fn a_line_of_which_little_is_left_is_another() {
        let lines = marked("}\n", "} else if it.is_much_longer() {\n");
        assert_eq!(lines, ["-}", "+} else if it.is_much_longer() {"]);
    }
}
