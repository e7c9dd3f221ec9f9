//! A listing without its colours: its text in the order in which it is read aloud.

// Law 1 reads more of it.
#[allow(dead_code)]
mod page;
mod pages;

use std::collections::BTreeSet;
use std::fs;

use book::answers::Answers;
use book::build::root;
use book::source::{Step, Steps};
use pages::Pages;
use scraper::{ElementRef, Html};

/// What was said last about the lines that follow, and the caption before that.
struct Reader<'a> {
    place: &'a str,
    caption: &'static str,
    told: &'static str,
    /// The lines of the step before, and of this one.
    before: BTreeSet<&'a str>,
    now: BTreeSet<&'a str>,
    faults: Vec<String>,
}

const WORDS: [&str; 5] = ["as before", "changed", "new", "gone", "rewritten"];

impl Reader<'_> {
    fn caption(&mut self, caption: &str) {
        self.caption = match caption {
            caption if caption.starts_with("new") => "new",
            caption if caption.starts_with("gone") || caption.ends_with("gone") => "gone",
            caption if caption.ends_with("rewritten") => "rewritten",
            _ => "as before",
        };
        self.told = self.caption;
        if caption.starts_with(',') || caption.trim_end().ends_with(':') {
            self.fault(caption, "the caption names nothing");
        }
    }

    fn line(&mut self, line: ElementRef) {
        let said = line.select(&page::selector(".said")).next();
        let said = said.map(|it| it.text().collect::<String>());
        let seen = page::seen(line);
        let text = seen.trim();
        if let Some(said) = said {
            let word = WORDS.iter().find(|word| format!("{word}: ") == said);
            let word = *word.unwrap_or_else(|| panic!("{said}: {text}"));
            if word == self.told {
                self.fault(text, "it is said again");
            }
            self.told = word;
        }
        let (was, is) = (self.before.contains(text), self.now.contains(text));
        let fits = match self.told {
            _ if text.is_empty() => true,
            "as before" => was && is,
            "changed" => is && !was,
            "new" | "rewritten" => is,
            _ => was,
        };
        if !fits {
            self.fault(text, &format!("before {was}, now {is}"));
        }
        let is_changed = line.select(&page::selector("ins.word")).next().is_some();
        let is_rewritten = is_inside(line, "rewritten");
        let looks = match line.value().name() {
            "ins" => "new",
            "del" => "gone",
            _ if is_rewritten => "rewritten",
            _ if is_changed => "changed",
            _ if self.told == self.caption => self.caption,
            _ => "as before",
        };
        if looks != self.told && !text.is_empty() {
            self.fault(text, &format!("it looks {looks}"));
        }
    }

    fn fault(&mut self, line: &str, fault: &str) {
        let Reader { place, told, .. } = self;
        self.faults.push(format!("{place}: `{line}` is told to be {told}: {fault}"));
    }
}

/// What a fold's words say of the lines in it.
fn folded(summary: ElementRef) -> &'static str {
    let words: String = summary.text().collect();
    if words.starts_with("gone: ") { "gone" } else { "as before" }
}

fn is_inside(line: ElementRef, class: &str) -> bool {
    let mut above = line.ancestors().filter_map(ElementRef::wrap);
    above.any(|it| it.value().classes().any(|name| name == class))
}

/// The lines of the files that the listing is about: its own, and those that its items come from.
fn lines<'a>(step: Option<&'a Step>, listing: ElementRef) -> BTreeSet<&'a str> {
    let moved = page::selector("[data-from]");
    let mut own: Vec<_> = listing.attr("data-file").into_iter().collect();
    own.extend(listing.select(&moved).filter_map(|part| part.attr("data-from")));
    let files = step.into_iter().flat_map(|step| &step.files);
    let files = files.filter(|(name, _)| own.is_empty() || own.contains(&name.as_str()));
    files.flat_map(|(_, file)| file.text.lines()).map(str::trim).collect()
}

#[test]
fn what_is_said_of_each_line_is_true_and_said_once() {
    let pages = Pages::shared();
    let steps = Steps::read(&root()).unwrap();
    let answers = Answers::read(&root().join("answers"), &steps).unwrap();
    let mut faults = Vec::new();
    for step in steps.iter() {
        let html = page::chapter(pages.path(), &steps, step).unwrap();
        let told = "figure.listing:is([data-step], [data-answer])";
        let stretches = page::elements(&html, told, &steps, step).into_iter();
        let listings = stretches.flat_map(|(stretch, listings)| {
            listings.into_iter().map(move |listing| (stretch, listing))
        });
        for (stretch, listing) in listings {
            let (place, before, now) = match listing.attr("data-answer") {
                None => {
                    let file = listing.attr("data-file").unwrap();
                    let place = format!("{}, {file}", step.name);
                    (place, stretch.before, stretch.step)
                }
                Some(answer) => {
                    let place = format!("{}, answer {answer}", step.name);
                    (place, Some(step), &answers.get(answer).unwrap().step)
                }
            };
            let mut reader = Reader {
                place: &place,
                caption: "",
                told: "",
                before: lines(before, listing),
                now: lines(Some(now), listing),
                faults: Vec::new(),
            };
            for element in
                listing.select(&page::selector(".place, summary:not(.head > *), .line"))
            {
                match element.value().name() {
                    "summary" => reader.told = folded(element),
                    "ins" | "del" => reader.line(element),
                    _ if element.value().classes().any(|it| it == "line") => {
                        reader.line(element);
                    }
                    _ => reader.caption(&element.text().collect::<String>()),
                }
            }
            faults.extend(reader.faults);
        }
    }
    assert!(faults.is_empty(), "\n{}\n", faults.join("\n"));
}

#[test]
fn of_a_listing_that_is_all_new_only_the_caption_speaks() {
    let pages = Pages::shared();
    let html = fs::read_to_string(pages.path().join("01-blocking-echo.html")).unwrap();
    let html = Html::parse_document(&html);
    assert_eq!(html.select(&page::selector("[data-step] .said")).count(), 0);
    assert_eq!(html.select(&page::selector("[data-step] :is(ins, del)")).count(), 0);
}

#[test]
fn a_rewritten_item_is_shown_whole_and_below_it_as_it_was() {
    let pages = Pages::shared();
    let steps = Steps::read(&root()).unwrap();
    let mut found = BTreeSet::new();
    for step in steps.iter() {
        let html = page::chapter(pages.path(), &steps, step).unwrap();
        let css = "[data-step] .part.rewritten";
        let stretches = page::elements(&html, css, &steps, step).into_iter();
        let parts = stretches.flat_map(|(stretch, parts)| {
            parts.into_iter().map(move |part| (stretch, part))
        });
        for (stretch, part) in parts {
            let path = part.attr("data-path").unwrap();
            let lines = |css: &str| -> String {
                let lines = page::selector(css);
                let lines = part.select(&lines).map(page::seen);
                lines.map(|line| line + "\n").collect()
            };
            let holds = |step: &Step, lines: &str| {
                step.files.values().any(|file| file.text.contains(lines))
            };
            let (now, was) = (lines("pre > span.line"), lines("details > pre > del"));
            assert!(!now.is_empty() && holds(stretch.step, &now), "{path}:\n{now}");
            let before = stretch.before.unwrap();
            assert!(!was.is_empty() && holds(before, &was), "{path}:\n{was}");
            assert_eq!(part.select(&page::selector("ins, details[open]")).count(), 0);
            found.insert(format!("{} {path}", step.name));
        }
    }
    assert!(found.contains("06-pipelining impl Connection/received"), "{found:?}");
}
