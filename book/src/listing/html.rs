//! A listing as HTML. No line of it is blank, so that Markdown takes it as one block.

use std::fmt::Write;
use std::ops::Range;

use super::caption::{Block, blocks, code, list};
use super::news::News;
use super::{Act, Elision, Kind, Line, Listing, Origin, Part, Role};
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
    /// The answer to an exercise that it shows.
    pub answer: Option<&'a str>,
}

pub fn html(listing: &Listing, page: &Page) -> String {
    let Listing { step, file, .. } = listing;
    let blocks = blocks(listing);
    let mut to = String::new();
    let (kind, data) = match page.answer {
        _ if page.recalled => ("listing recalled", String::new()),
        Some(answer) => ("listing", format!(" data-answer=\"{answer}\"")),
        None => ("listing", format!(" data-step=\"{step}\" data-file=\"{file}\"")),
    };
    let whole = match page.answer {
        Some(_) => "The whole file with this answer".into(),
        None if step.starts_with("stages/") => "The whole file at this stage".into(),
        None => format!("The whole file: steps/{step}/{file}"),
    };
    let caption = match (page.recalled, blocks.first()) {
        (true, _) => format!("again, from <code>{step}</code>"),
        (_, first) => first.map_or(String::new(), |block| block.caption.clone()),
    };
    let _ = write!(
        to,
        "<figure class=\"{kind}\"{data}>\n<figcaption><a class=\"file\" \
         href=\"{}code/{step}/{file}.txt\" title=\"{whole}\">{file}</a> \
         <span class=\"place\">{caption}</span></figcaption>\n",
        page.root
    );
    let mut ink = Ink { file, page, classes: Vec::new(), former: Vec::new() };
    ink.read(listing);
    let label = format!("{file}: code");
    let _ = writeln!(to, "<div class=\"code\" role=\"group\" aria-label=\"{label}\">");
    for (index, block) in blocks.iter().enumerate() {
        if index > 0 {
            let _ = writeln!(to, "<p class=\"place\">{}</p>", block.caption);
        }
        ink.block(block, &mut to);
    }
    to.push_str("</div>\n</figure>\n");
    to
}

type Marks = Vec<Vec<(Range<usize>, Class)>>;

struct Ink<'a> {
    file: &'a str,
    page: &'a Page<'a>,
    /// The classes of the words in the file, and in the file of the step before.
    classes: Marks,
    former: Marks,
}

impl Ink<'_> {
    fn read(&mut self, listing: &Listing) {
        let of = |files: Option<&Files>, file: &str| -> Marks {
            let source = files.and_then(|files| files.get(file));
            source
                .filter(|_| file.ends_with(".rs"))
                .map_or(Marks::new(), |it| classes(&it.text))
        };
        let origin = listing.parts.iter().find_map(|part| match &part.act {
            Act::Insert { from: Some(origin), .. } => Some(origin.file.as_str()),
            _ => None,
        });
        self.classes = of(self.page.files, self.file);
        self.former = of(self.page.former, origin.unwrap_or(self.file));
    }

    fn block(&self, block: &Block, to: &mut String) {
        let mut told = News::by_caption(block.parts);
        let caption = told;
        for (index, part) in block.parts.iter().enumerate() {
            match &part.role {
                Role::Elided(names) => elided(names, part.path.len(), to),
                _ if part.lines.is_empty()
                    && matches!(part.act, Act::Follow | Act::Remove) => {}
                _ => {
                    let is_told = part.lines.iter().all(|it| News::of(it) == caption);
                    let kind = match caption {
                        _ if part.is_rewritten() => " rewritten",
                        News::New if is_told => " all-new",
                        News::Gone if is_told => " all-gone",
                        _ => "",
                    };
                    self.part(part, (index > 0, kind), &mut told, to);
                }
            }
        }
    }

    /// `kind` is a class that stands for a mark on every line; `told` is what was said of the
    /// lines before.
    fn part(
        &self,
        part: &Part,
        (has_part_above, kind): (bool, &str),
        told: &mut News,
        to: &mut String,
    ) {
        let _ = write!(to, "<div class=\"part{kind}");
        if has_part_above && part.gap.is_some_and(|gap| gap > 0) && part.adjacent {
            to.push_str(" apart");
        }
        to.push('"');
        if !self.page.recalled {
            to.push_str(&data(part));
        }
        to.push('>');
        if part.is_rewritten() {
            self.rewritten(part, kind, told, to);
            to.push_str("</div>\n");
            return;
        }
        let hidden = folded(part, self.page.recalled);
        let mut at = 0;
        for fold in hidden {
            self.lines(&part.lines[at..fold.start], kind, told, to);
            let count = fold.len();
            let _ = write!(to, "<details><summary>{count} lines as before</summary>");
            *told = News::Kept;
            self.lines(&part.lines[fold.clone()], kind, told, to);
            to.push_str("</details>");
            at = fold.end;
        }
        self.lines(&part.lines[at..], kind, told, to);
        to.push_str("</div>\n");
    }

    /// The item as it stands, unmarked; folded below it the item as it was.
    fn rewritten(&self, part: &Part, kind: &str, told: &mut News, to: &mut String) {
        let count = part.current().count();
        let (new, gone) = part.lines.split_at(count);
        self.lines(new, kind, told, to);
        let count = gone.len();
        let _ = write!(to, "<details><summary>gone: its former {count} lines</summary>");
        *told = News::Gone;
        self.lines(gone, "", told, to);
        to.push_str("</details>");
    }

    /// `kind` is as in `part`.
    fn lines(&self, lines: &[Line], kind: &str, told: &mut News, to: &mut String) {
        if lines.is_empty() {
            return;
        }
        to.push_str("<pre>");
        for (index, line) in lines.iter().enumerate() {
            let news = match kind {
                " rewritten" => News::Rewritten,
                _ => News::of(line),
            };
            // The word before the first of them says it; without a role, no other does.
            let (tag, marks) = match news {
                _ if !kind.is_empty() => ("span", "class=\"line\""),
                News::Kept | News::Rewritten => ("span", "class=\"line\""),
                News::Changed => ("span", "class=\"line changed\""),
                News::New => ("ins", "class=\"line\" role=\"none\""),
                News::Gone => ("del", "class=\"line\" role=\"none\""),
            };
            let _ = write!(to, "<{tag} {marks}>");
            if news != *told && !line.text.trim().is_empty() {
                let _ = write!(to, "<span class=\"said\">{}: </span>", news.word());
                *told = news;
            }
            self.text(line, to);
            let _ = write!(to, "</{tag}>");
            if index + 1 < lines.len() {
                to.push('\n');
            }
        }
        to.push_str("</pre>");
    }

    fn text(&self, line: &Line, to: &mut String) {
        let is_gone = line.kind == Kind::Gone;
        let classes = if is_gone { &self.former } else { &self.classes };
        let classes = classes.get(line.number - 1).map_or(&[][..], Vec::as_slice);
        let mut at = 0;
        for grown in &line.grown {
            words(&line.text, at..grown.start, classes, to);
            to.push_str("<ins class=\"word\">");
            words(&line.text, grown.clone(), classes, to);
            to.push_str("</ins>");
            at = grown.end;
        }
        let indent = line.text.len() - line.text.trim_start().len();
        if is_gone && indent < line.text.len() {
            let _ = write!(to, "{}<span class=\"struck\">", &line.text[..indent]);
            words(&line.text, indent..line.text.len(), classes, to);
            to.push_str("</span>");
        } else {
            words(&line.text, at..line.text.len(), classes, to);
        }
    }
}

/// The words of `text` in `range`, each with its class.
fn words(
    text: &str,
    range: Range<usize>,
    classes: &[(Range<usize>, Class)],
    to: &mut String,
) {
    let mut at = range.start;
    for (word, class) in classes {
        let (start, end) = (word.start.max(at), word.end.min(range.end).min(text.len()));
        if start < end {
            to.push_str(&escape(&text[at..start]));
            let word = escape(&text[start..end]);
            let _ = write!(to, "<span class=\"{}\">{word}</span>", name(*class));
            at = end;
        }
    }
    to.push_str(&escape(&text[at..range.end]));
}

/// The runs of unchanged lines that are folded away.
fn folded(part: &Part, recalled: bool) -> Vec<Range<usize>> {
    let lines = &part.lines;
    let is_kept = |line: &Line| line.kind == Kind::Kept && line.grown.is_empty();
    if recalled || lines.iter().all(is_kept) && !matches!(part.act, Act::Insert { .. }) {
        return Vec::new();
    }
    // Of an item that only moved, its first line says enough.
    let context = match lines.iter().all(|line| line.kind == Kind::Kept) {
        true => 0,
        false => CONTEXT,
    };
    let mut folds = Vec::new();
    let mut start = 0;
    for run in lines.chunk_by(|a, b| is_kept(a) == is_kept(b)) {
        let end = start + run.len();
        if is_kept(&run[0]) {
            let from = if start == 0 { 1 } else { start + context };
            let to =
                if end == lines.len() { end - 1 } else { end.saturating_sub(context) };
            if to >= from + FOLD {
                folds.push(from..to);
            }
        }
        start = end;
    }
    folds
}

fn elided(names: &[Elision], depth: usize, to: &mut String) {
    let indent = "    ".repeat(depth);
    for run in names.chunk_by(|a, b| a.unchanged == b.unchanged) {
        let words: Vec<String> = run.iter().map(|it| short(&it.name)).collect();
        let what = match (run[0].unchanged, run.len()) {
            (true, _) => "as before",
            (false, 1) => "in a listing of its own",
            (false, _) => "in listings of their own",
        };
        let _ = writeln!(to, "<p class=\"elided\">{indent}⋯ {} {what}</p>", list(&words));
    }
}

fn short(name: &str) -> String {
    match name {
        "imports" => "the imports".into(),
        name => code(name.rsplit("::").next().unwrap_or(name)),
    }
}

/// What the part is and where it belongs, for whoever reads the page by program.
fn data(part: &Part) -> String {
    let mut data = format!(" data-path=\"{}\"", escape(&part.path.join("/")));
    match part.role {
        Role::Head => data.push_str(" data-role=\"head\""),
        Role::Tail => data.push_str(" data-role=\"tail\""),
        _ => {}
    }
    match &part.act {
        Act::Insert { after, from } => {
            data.push_str(" data-act=\"insert\"");
            if let Some(after) = after {
                let _ = write!(data, " data-after=\"{}\"", escape(after));
            }
            if let Some(Origin { file, path }) = from {
                let path = escape(&path.join("/"));
                let _ = write!(data, " data-from=\"{file}\" data-from-path=\"{path}\"");
            }
        }
        Act::Replace => data.push_str(" data-act=\"replace\""),
        Act::Remove => data.push_str(" data-act=\"remove\""),
        Act::Follow => {}
    }
    if let Some(gap) = part.gap {
        let _ = write!(data, " data-gap=\"{gap}\"");
    }
    data
}

fn name(class: Class) -> &'static str {
    match class {
        Class::Keyword => "k",
        Class::Type => "t",
        Class::Function => "f",
        Class::Macro => "m",
        Class::Text => "s",
        Class::Number => "n",
        Class::Lifetime => "l",
        Class::Attribute => "a",
        Class::Comment => "c",
    }
}

pub fn escape(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
}
