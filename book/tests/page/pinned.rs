//! The lines that a page shows, as they are pinned, each with its place in the steps.

use std::fs;

use book::build::root;
use book::listing::{Act, Kind, Part, Role};
use book::source::{Body, Node, Step, Steps, Stretch};
use scraper::Html;
use similar::{Algorithm, capture_diff_slices};

pub struct Line {
    pub text: String,
    /// Such as `steps/03-states/src/main.rs:12`.
    pub place: String,
}

pub fn pinned(page: &Html, steps: &Steps, step: &Step) -> Vec<Line> {
    let mut lines = Vec::new();
    for (step, file, listing) in super::recalled(page) {
        let text = format!("@ {step}/{file}: again");
        lines.push(Line { text, place: format!("steps/{step}/{file}") });
        let source = steps.get(&step).and_then(|step| step.files.get(&file));
        for part in &listing.parts {
            let first = part.lines.first().map_or("", |line| &line.text);
            let above = source.and_then(|it| it.text.lines().position(|it| it == first));
            let numbers = above.unwrap_or(0) + 1..;
            for (line, number) in part.lines.iter().zip(numbers) {
                let place = format!("steps/{step}/{file}:{number}");
                lines.push(Line { text: marked(' ', &line.text), place });
            }
        }
    }
    for (stretch, shown) in super::stretches(page, steps, step) {
        let listings = super::listings(&shown);
        let mut parts: Vec<(&str, &Part)> = Vec::new();
        for listing in &listings {
            parts.extend(listing.parts.iter().map(|part| (listing.file.as_str(), part)));
        }
        parts.retain(|(_, part)| !part.lines.is_empty());
        parts.sort_by_key(|(file, part)| (*file, &part.path));
        for (file, part) in parts {
            written(file, part, stretch, &mut lines);
        }
        if let Some(stage) = stretch.stage() {
            let text = format!("@ the stage {stage}");
            lines.push(Line { text, place: stretch.step.name.clone() });
        }
    }
    let mut elided = super::elided(page);
    elided.sort();
    lines.extend(elided.iter().map(|(file, text)| Line {
        text: format!("@ {file} {text}"),
        place: format!("steps/{}/{file}", step.name),
    }));
    lines
}

/// A part of a listing: what it is of and where it belongs, and its lines, each with a sign
/// before it.
fn written(
    file: &str,
    part: &Part,
    Stretch { before, step }: Stretch,
    to: &mut Vec<Line>,
) {
    let mut what = match &part.act {
        Act::Insert { from: None, .. } => "new".into(),
        Act::Insert { from: Some(origin), .. } => {
            format!("from {} {}", origin.file, origin.path.join("::"))
        }
        Act::Replace => "changed".into(),
        Act::Remove => "gone".into(),
        Act::Follow => "end".into(),
    };
    let is_removed = part.act == Act::Remove;
    let origin = before.filter(|_| is_removed).unwrap_or(step);
    let source = origin.files.get(file).and_then(|it| it.outline.at(&part.path));
    match source.filter(|_| part.act != Act::Follow).and_then(|node| node.gap) {
        None | Some(1) => {}
        Some(0) => what.push_str(", no blank line before"),
        Some(gap) => what.push_str(&format!(", {gap} blank lines before")),
    }
    if let (Act::Insert { .. }, Some((name, container))) =
        (&part.act, part.path.split_last())
    {
        let container = step.files.get(file).and_then(|it| it.outline.at(container));
        let siblings = container.map(Node::members).unwrap_or_default();
        let above = siblings.iter().take_while(|it| it.name != *name).last();
        let above =
            above.map_or("at the start".into(), |it| format!("below {}", it.name));
        what.push_str(&format!(", {above}"));
    }
    let mut number = source.map_or(1, |node| first(node, &part.role));
    let place = |number| format!("{}/{file}:{number}", folder(origin));
    let text = format!("@ {file} {}: {what}", part.path.join("::"));
    to.push(Line { text, place: place(number) });
    for line in &part.lines {
        let sign = match line.kind {
            Kind::Kept => ' ',
            Kind::New => '+',
            Kind::Gone => '-',
        };
        to.push(Line { text: marked(sign, &line.text), place: place(number) });
        number += usize::from(is_removed || line.kind != Kind::Gone);
    }
}

fn folder(step: &Step) -> String {
    match step.name.starts_with("stages/") {
        true => step.name.clone(),
        false => format!("steps/{}", step.name),
    }
}

fn marked(sign: char, text: &str) -> String {
    match text {
        "" => sign.to_string().trim_end().to_string(),
        text => format!("{sign} {text}"),
    }
}

fn first(node: &Node, role: &Role) -> usize {
    match (&node.body, role) {
        (Body::Container { tail, .. }, Role::Tail) => tail.first,
        _ => node.first_line(),
    }
}

/// The lines that aren't as they were pinned, each with its place.
pub fn unpinned(step: &Step, now: &[Line]) -> Vec<String> {
    let file = format!("tests/snapshots/law_1__{}.snap", step.name);
    let kept = fs::read_to_string(root().join(file)).unwrap_or_default();
    let kept = kept.splitn(3, "---\n").nth(2).unwrap_or_default();
    let kept: Vec<&str> = kept.lines().collect();
    let lines: Vec<&str> = now.iter().map(|line| line.text.as_str()).collect();
    let mut faults = Vec::new();
    for op in capture_diff_slices(Algorithm::Patience, &kept, &lines) {
        let (was, is) = (op.old_range(), op.new_range());
        if kept[was.clone()] == lines[is.clone()] {
            continue;
        }
        let place = now.get(is.start).or(now.last()).map_or("?", |line| &line.place);
        for line in &kept[was] {
            faults.push(format!("{place}: `{line}` is pinned and isn't there"));
        }
        for line in &now[is] {
            let Line { text, place } = line;
            faults.push(format!("{place}: `{text}` isn't pinned"));
        }
    }
    faults
}
