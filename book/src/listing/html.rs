//! A listing as HTML. No line of it is blank, so that Markdown takes it as one block.

use std::iter;
use std::ops::Range;

use maud::{Markup, html};

use super::caption::{Block, blocks, code, list};
use super::heads;
use super::news::News;
use super::{Act, Elision, Kind, Line, Listing, Part, Role};
use crate::source::{Class, Files, classes};

/// The least number of unchanged lines that is folded away.
const FOLD: usize = 4;
/// How many unchanged lines stay around a change.
const CONTEXT: usize = 2;

/// The page a listing is for.
pub struct Page<'a> {
    /// The way from the page to the book's root: empty, `../`.
    pub root: &'a str,
    /// The files of the listing's step, and of the step before.
    pub files: Option<&'a Files>,
    pub former: Option<&'a Files>,
    /// Shown again, to be read only.
    pub recalled: bool,
    /// Inside a fold, where no head is folded once more.
    pub folded: bool,
    /// The answer to an exercise that it shows.
    pub answer: Option<&'a str>,
}

pub fn html(listing: &Listing, page: &Page) -> Markup {
    let Listing { step, file, .. } = listing;
    let blocks = blocks(listing);
    let whole = match page.answer {
        Some(_) => "The whole file with this answer".into(),
        None if step.starts_with("stages/") => "The whole file at this stage".into(),
        None => format!("The whole file: steps/{step}/{file}"),
    };
    let is_applied = !page.recalled && page.answer.is_none();
    let ink = Ink::new(listing, page);
    html! {
        figure.listing.recalled[page.recalled]
            data-answer=[page.answer.filter(|_| !page.recalled)]
            data-step=[is_applied.then_some(step)] data-file=[is_applied.then_some(file)] {
            figcaption {
                a.file href={ (page.root) "code/" (step) "/" (file) ".txt" } title=(whole) {
                    (file)
                }
                " "
                span.place {
                    @if page.recalled {
                        "again, from " code { (step) }
                    } @else if let Some(first) = blocks.first() {
                        (first.caption)
                    }
                }
            }
            div.code role="group" aria-label={ (file) ": code" } {
                @for (index, block) in blocks.iter().enumerate() {
                    @if index > 0 { p.place { (block.caption) } }
                    @match heads::changes(block).filter(|_| is_applied && !page.folded) {
                        Some(changes) => {
                            details.head { (heads::summary(&changes)) (ink.block(block)) }
                        }
                        None => (ink.block(block)),
                    }
                }
            }
        }
    }
}

type Marks = Vec<Vec<(Range<usize>, Class)>>;

struct Ink<'a> {
    page: &'a Page<'a>,
    /// The classes of the words in the file, and in the file of the step before.
    classes: Marks,
    former: Marks,
}

impl<'a> Ink<'a> {
    fn new(listing: &Listing, page: &'a Page<'a>) -> Ink<'a> {
        let of = |files: Option<&Files>, file: &str| -> Marks {
            let source = files.and_then(|files| files.get(file));
            source
                .filter(|_| file.ends_with(".rs"))
                .map_or(Marks::new(), |it| classes(&it.text))
        };
        let origin = listing.parts.iter().find_map(|part| part.act.origin());
        let origin = origin.map(|origin| &origin.file);
        let former = of(page.former, origin.unwrap_or(&listing.file));
        Ink { page, classes: of(page.files, &listing.file), former }
    }

    fn block(&self, block: &Block) -> Markup {
        let caption = News::by_caption(block.parts);
        let mut told = caption;
        html! {
            @for (index, part) in block.parts.iter().enumerate() {
                @match &part.role {
                    Role::Elided(names) => (elided(names, part.path.len())),
                    _ if part.lines.is_empty()
                        && matches!(part.act, Act::Follow | Act::Remove) => {},
                    _ => (self.part(part, index > 0, caption, &mut told)),
                }
            }
        }
    }

    /// `told` is what was said of the lines before.
    fn part(
        &self,
        part: &Part,
        has_part_above: bool,
        caption: News,
        told: &mut News,
    ) -> Markup {
        let is_told = part.lines.iter().all(|it| News::of(it) == caption);
        // It stands for a mark on every line.
        let kind = match caption {
            _ if part.is_rewritten() => Some("rewritten"),
            News::New if is_told => Some("all-new"),
            News::Gone if is_told => Some("all-gone"),
            _ => None,
        };
        let is_apart =
            has_part_above && part.adjacent && part.gap.is_some_and(|gap| gap > 0);
        // What the part is and where it belongs, for whoever reads the page by program.
        let is_read = !self.page.recalled;
        let (act, from) = (part.act.name(), part.act.origin());
        let after = match &part.act {
            Act::Insert { after, .. } => after.as_ref(),
            _ => None,
        };
        let role = match part.role {
            Role::Head => Some("head"),
            Role::Tail => Some("tail"),
            _ => None,
        };
        html! {
            div class={
                "part" @if let Some(kind) = kind { " " (kind) } @if is_apart { " apart" }
            }
                data-path=[is_read.then(|| part.path.join("/"))]
                data-role=[role.filter(|_| is_read)]
                data-act=[act.filter(|_| is_read)]
                data-after=[after.filter(|_| is_read)]
                data-from=[from.filter(|_| is_read).map(|from| &from.file)]
                data-from-path=[from.filter(|_| is_read).map(|from| from.path.join("/"))]
                data-gap=[part.gap.filter(|_| is_read)] {
                @if part.is_rewritten() {
                    (self.rewritten(part, told))
                } @else {
                    @for (is_folded, lines) in pieces(part, self.page.recalled) {
                        @if is_folded {
                            details {
                                summary { (lines.len()) " lines as before" }
                                (self.lines(lines, kind, News::Kept.told(told)))
                            }
                        } @else {
                            (self.lines(lines, kind, told))
                        }
                    }
                }
            }
        }
    }

    /// The item as it stands, unmarked; folded below it the item as it was.
    fn rewritten(&self, part: &Part, told: &mut News) -> Markup {
        let (new, gone) = part.lines.split_at(part.current().count());
        html! {
            (self.lines(new, Some("rewritten"), told))
            details {
                summary { "gone: its former " (gone.len()) " lines" }
                (self.lines(gone, None, News::Gone.told(told)))
            }
        }
    }

    fn lines(&self, lines: &[Line], kind: Option<&str>, told: &mut News) -> Markup {
        html! {
            @if !lines.is_empty() {
                pre {
                    @for (index, line) in lines.iter().enumerate() {
                        @if index > 0 { "\n" }
                        (self.line(line, kind, told))
                    }
                }
            }
        }
    }

    fn line(&self, line: &Line, kind: Option<&str>, told: &mut News) -> Markup {
        let news = match kind {
            Some("rewritten") => News::Rewritten,
            _ => News::of(line),
        };
        let is_said = news != *told && !line.text.trim().is_empty();
        if is_said {
            *told = news;
        }
        let text = html! {
            @if is_said { span.said { (news.word()) ": " } }
            (self.text(line))
        };
        // The word before the first of them says it; without a role, no other does.
        match news {
            News::New if kind.is_none() => html! { ins.line role="none" { (text) } },
            News::Gone if kind.is_none() => html! { del.line role="none" { (text) } },
            _ => {
                let is_changed = kind.is_none() && news == News::Changed;
                html! { span.line.changed[is_changed] { (text) } }
            }
        }
    }

    fn text(&self, line: &Line) -> Markup {
        let is_gone = line.kind == Kind::Gone;
        let classes = if is_gone { &self.former } else { &self.classes };
        let classes = classes.get(line.number - 1).map_or(&[][..], Vec::as_slice);
        let words = |range| words(&line.text, range, classes);
        let (indent, end) =
            (line.text.len() - line.text.trim_start().len(), line.text.len());
        if is_gone && indent < end {
            return html! { (line.text[..indent]) span.struck { (words(indent..end)) } };
        }
        let starts = iter::once(0).chain(line.grown.iter().map(|grown| grown.end));
        html! {
            @for (start, grown) in starts.zip(&line.grown) {
                (words(start..grown.start)) ins.word { (words(grown.clone())) }
            }
            (words(line.grown.last().map_or(0, |grown| grown.end)..end))
        }
    }
}

/// The words of `text` in `range`, each with its class.
fn words(text: &str, range: Range<usize>, classes: &[(Range<usize>, Class)]) -> Markup {
    let mut words = Vec::new();
    let mut at = range.start;
    for (word, class) in classes {
        let (start, end) = (word.start.max(at), word.end.min(range.end).min(text.len()));
        if start < end {
            words.push((&text[at..start], Some((class, &text[start..end]))));
            at = end;
        }
    }
    words.push((&text[at..range.end], None));
    html! {
        @for (before, word) in words {
            (before)
            @if let Some((class, word)) = word { span class=(class) { (word) } }
        }
    }
}

/// The lines in runs, each with whether it is folded away: unchanged ones are.
fn pieces(part: &Part, recalled: bool) -> Vec<(bool, &[Line])> {
    let lines = &part.lines;
    let is_kept = |line: &Line| line.kind == Kind::Kept && line.grown.is_empty();
    if recalled || lines.iter().all(is_kept) && !matches!(part.act, Act::Insert { .. }) {
        return vec![(false, lines)];
    }
    // Of an item that only moved, its first line says enough.
    let context = match lines.iter().all(|line| line.kind == Kind::Kept) {
        true => 0,
        false => CONTEXT,
    };
    let mut pieces = Vec::new();
    let (mut at, mut start) = (0, 0);
    for run in lines.chunk_by(|a, b| is_kept(a) == is_kept(b)) {
        let end = start + run.len();
        if is_kept(&run[0]) {
            let from = if start == 0 { 1 } else { start + context };
            let to =
                if end == lines.len() { end - 1 } else { end.saturating_sub(context) };
            if to >= from + FOLD {
                pieces.extend([(false, &lines[at..from]), (true, &lines[from..to])]);
                at = to;
            }
        }
        start = end;
    }
    pieces.push((false, &lines[at..]));
    pieces
}

fn elided(names: &[Elision], depth: usize) -> Markup {
    html! {
        @for run in names.chunk_by(|a, b| a.unchanged == b.unchanged) {
            p.elided {
                ("    ".repeat(depth)) "⋯ "
                (list(&run.iter().map(|it| short(&it.name)).collect::<Vec<_>>()))
                @match (run[0].unchanged, run.len()) {
                    (true, _) => " as before",
                    (false, 1) => " in a listing of its own",
                    (false, _) => " in listings of their own",
                }
            }
        }
    }
}

fn short(name: &str) -> Markup {
    match name {
        "imports" => html! { "the imports" },
        name => code(name.rsplit("::").next().unwrap_or(name)),
    }
}
