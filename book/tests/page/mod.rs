//! Listings read back from a page of the book.

pub mod pinned;

use book::listing::{Act, Kind, Line, Listing, Origin, Part, Role};
use scraper::{ElementRef, Html, Selector};

pub fn selector(css: &str) -> Selector {
    Selector::parse(css).expect("a selector")
}

/// The listings of a page that take part in law 1, in their order.
pub fn listings(page: &Html) -> Vec<Listing> {
    let figures = selector("figure.listing[data-step]");
    page.select(&figures).map(listing).collect()
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
