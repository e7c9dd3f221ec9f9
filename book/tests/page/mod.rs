//! Listings read back from a page of the book.

pub mod pinned;

use std::fs;
use std::path::Path;

use book::listing::{Act, Kind, Line, Listing, Origin, Part, Role};
use book::source::{Step, Steps, Stretch};
use scraper::{ElementRef, Html, Selector};

pub fn selector(css: &str) -> Selector {
    Selector::parse(css).expect("a selector")
}

/// The pages of the chapter on a step as one, or what `pages` lacks of it.
pub fn chapter(pages: &Path, steps: &Steps, step: &Step) -> Result<Html, String> {
    let mut all = String::new();
    for page in steps.chapter(step) {
        let text = fs::read_to_string(pages.join(page.name).with_extension("html"));
        let missing = |_| format!("{} has no chapter {}.md", step.name, page.name);
        all += &text.map_err(missing)?;
    }
    Ok(Html::parse_document(&all))
}

/// What a page shows to those who write the program along with it.
pub enum Shown {
    /// With the number of its lines that are new or changed, but for blank ones.
    Listing {
        listing: Listing,
        printed: usize,
    },
    Point(Point),
}

/// A place at which the crate compiles.
pub struct Point {
    /// The page and its line: `05-http.md, line 120`.
    pub place: String,
    /// Its tests pass, too.
    pub is_tested: bool,
    pub stage: Option<String>,
}

/// The stretches of a chapter, each with what the page shows in it.
pub fn stretches<'a>(
    page: &Html,
    steps: &'a Steps,
    step: &'a Step,
) -> Vec<(Stretch<'a>, Vec<Shown>)> {
    let css = "figure.listing[data-step], [data-builds]";
    let all = elements(page, css, steps, step).into_iter();
    all.map(|(stretch, all)| (stretch, all.into_iter().map(shown).collect())).collect()
}

/// The stretches of a chapter, each with its elements that `css` selects.
pub fn elements<'a, 'p>(
    page: &'p Html,
    css: &str,
    steps: &'a Steps,
    step: &'a Step,
) -> Vec<(Stretch<'a>, Vec<ElementRef<'p>>)> {
    let (wanted, all) = (selector(css), selector(&format!("{css}, [data-stage]")));
    let mut all = page.select(&all);
    let mut stretches = Vec::new();
    for stretch in steps.stretches(step) {
        let mut here = Vec::new();
        for element in all.by_ref() {
            here.extend(wanted.matches(&element).then_some(element));
            if let Some(stage) = element.attr("data-stage") {
                assert_eq!(Some(stage), stretch.stage(), "{}", step.name);
                break;
            }
        }
        stretches.push((stretch, here));
    }
    assert!(all.next().is_none(), "{} goes on behind its step", step.name);
    stretches
}

/// The listings among what is shown.
pub fn listings(shown: &[Shown]) -> Vec<Listing> {
    let listing = |shown: &Shown| match shown {
        Shown::Listing { listing, .. } => Some(listing.clone()),
        Shown::Point(_) => None,
    };
    shown.iter().filter_map(listing).collect()
}

fn shown(element: ElementRef) -> Shown {
    let Some(builds) = element.attr("data-builds") else {
        let lines = selector(
            "ins.line, .line.changed, .part:is(.all-new, .rewritten) > pre > .line",
        );
        let printed =
            element.select(&lines).filter(|line| !seen(*line).trim().is_empty());
        return Shown::Listing { listing: listing(element), printed: printed.count() };
    };
    Shown::Point(Point {
        place: attribute(element, "data-place").expect("a place"),
        is_tested: builds == "test",
        stage: attribute(element, "data-stage"),
    })
}

/// The listings that show a file again, each with its step and file.
pub fn recalled(page: &Html) -> Vec<(String, String, Listing)> {
    let figures = selector("figure.listing.recalled");
    let recalled = page.select(&figures).map(|figure| {
        let link = figure.select(&selector("a.file")).next().expect("a link to the file");
        let file = link.text().collect();
        let step = figure.select(&selector(".place code")).next().expect("the step");
        (step.text().collect(), file, listing(figure))
    });
    recalled.collect()
}

/// What the listings leave out, each with its file: `⋯ poll as before`.
pub fn elided(page: &Html) -> Vec<(String, String)> {
    let figures = selector("figure.listing[data-step]");
    let elided = selector(".elided");
    let all = page.select(&figures).flat_map(|figure| {
        let file = attribute(figure, "data-file").unwrap_or_default();
        let texts = figure.select(&elided).map(|it| it.text().collect::<String>());
        texts.map(move |text| (file.clone(), text.trim().to_owned())).collect::<Vec<_>>()
    });
    all.collect()
}

fn listing(figure: ElementRef) -> Listing {
    let parts = selector(".part");
    Listing {
        step: attribute(figure, "data-step").unwrap_or_default(),
        file: attribute(figure, "data-file").unwrap_or_default(),
        is_new_file: false,
        parts: figure.select(&parts).map(part).collect(),
    }
}

fn part(element: ElementRef) -> Part {
    let lines = selector(".line");
    let role = match element.attr("data-role") {
        Some("head") => Role::Head,
        Some("tail") => Role::Tail,
        _ => Role::Whole,
    };
    Part {
        path: path(attribute(element, "data-path").unwrap_or_default()),
        role,
        act: act(element),
        gap: attribute(element, "data-gap").map(|gap| gap.parse().expect("a number")),
        lines: element.select(&lines).map(|line| read(line, element)).collect(),
        adjacent: false,
    }
}

fn act(element: ElementRef) -> Act {
    match element.attr("data-act") {
        Some("insert") => Act::Insert {
            after: attribute(element, "data-after"),
            from: attribute(element, "data-from").map(|file| Origin {
                file,
                path: path(
                    attribute(element, "data-from-path").expect("the former path"),
                ),
            }),
        },
        Some("replace") => Act::Replace,
        Some("remove") => Act::Remove,
        _ => Act::Follow,
    }
}

fn path(written: String) -> Vec<String> {
    written.split('/').filter(|name| !name.is_empty()).map(str::to_owned).collect()
}

fn read(line: ElementRef, part: ElementRef) -> Line {
    let has = |class: &str| part.value().classes().any(|it| it == class);
    let kind = match line.value().name() {
        "del" => Kind::Gone,
        _ if has("all-gone") => Kind::Gone,
        "ins" => Kind::New,
        _ if has("all-new") || has("rewritten") => Kind::New,
        _ => Kind::Kept,
    };
    Line { kind, text: seen(line), number: 0, grown: Vec::new() }
}

/// The text of a line without the words that are only read aloud.
pub fn seen(line: ElementRef) -> String {
    let mut text = String::new();
    for node in line.descendants() {
        let Some(words) = node.value().as_text() else {
            continue;
        };
        let is_said = node.ancestors().filter_map(ElementRef::wrap);
        let is_said = is_said.take_while(|it| it.id() != line.id());
        if !is_said
            .into_iter()
            .any(|it| it.value().classes().any(|class| class == "said"))
        {
            text.push_str(words);
        }
    }
    text
}

fn attribute(element: ElementRef, name: &str) -> Option<String> {
    element.attr(name).map(str::to_owned)
}
