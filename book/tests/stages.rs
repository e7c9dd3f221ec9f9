//! The stages of a chapter: a small book that goes through one, and that book with one fault each.

#[allow(dead_code)]
mod page;
mod small;

use std::fs;

use book::source::Steps;
use book::verify::verify;
use scraper::Html;
use small::{CHAPTER, Small};

fn page(small: &Small) -> String {
    let pages = small.built().unwrap_or_else(|error| panic!("{error}"));
    fs::read_to_string(pages.join("02-two.html")).unwrap()
}

/// What law 1 finds in the second chapter.
fn faults(chapter: &str) -> Vec<String> {
    let small = Small::new();
    small.write("book/src/02-two.md", chapter);
    faults_of(&small)
}

fn faults_of(small: &Small) -> Vec<String> {
    let (pages, steps) = (small.built().unwrap(), Steps::read(&small.root()).unwrap());
    let step = steps.get("02-two").unwrap();
    let page = match page::chapter(&pages, &steps, step) {
        Ok(page) => page,
        Err(missing) => return vec![missing],
    };
    let stretches = page::stretches(&page, &steps, step).into_iter();
    let faults = stretches.flat_map(|(stretch, shown)| {
        verify(stretch.before, &page::listings(&shown), stretch.step)
    });
    faults.collect()
}

#[test]
fn each_stretch_makes_its_stage() {
    assert_eq!(faults(CHAPTER), Vec::<String>::new());
}

#[test]
fn what_a_stretch_leaves_out_is_named() {
    let without = |line: &str| faults(&CHAPTER.replace(line, ""));
    let faults = without("{{#listing 02-two/src/main.rs half}}\n");
    let half = "stages/02-two/1-half/src/main.rs:5: `fn half() -> u8 {` is left out";
    assert!(faults.iter().any(|fault| fault == half), "{faults:?}");
    // Behind the stage, what it had must go.
    let faults = without("{{#removed 1-half/src/main.rs half}}\n");
    let half = "`fn half() -> u8 {` from the step before is still there";
    assert!(faults.iter().any(|fault| fault.contains(half)), "{faults:?}");
    assert!(!without("{{#listing 02-two/Cargo.toml}}\n").is_empty());
    assert!(!without("{{#listing 02-two/src/two.rs}}\n").is_empty());
}

#[test]
fn captions_and_links_are_those_of_the_stage() {
    let page = page(&Small::new());
    let page = Html::parse_document(&page);
    let css = page::selector("[data-step]:has([data-path=\"main\"])");
    let gone = page::selector("del");
    let shown: Vec<(String, String)> = page
        .select(&css)
        .map(|listing| {
            let link = listing.select(&page::selector("a.file")).next().unwrap();
            // The words of a line that is gone have the colours that they had.
            let has_colours = listing.select(&page::selector("del .m")).next().is_some();
            assert!(has_colours, "{}", listing.html());
            let gone = listing.select(&gone).map(page::seen);
            (link.attr("href").unwrap().to_owned(), gone.collect())
        })
        .collect();
    let text = |path: &str, gone: &str| (format!("code/{path}.txt"), gone.to_owned());
    let expected = [
        text("stages/02-two/1-half/src/main.rs", "    println!(\"one\");"),
        text("02-two/src/main.rs", "    println!(\"{}\", half());"),
    ];
    assert_eq!(shown, expected);
}

/// The head of a file is folded below a row that says what is new in it; in a fold of the chapter's
/// it isn't folded once more.
#[test]
fn a_head_is_folded_once() {
    const HEAD: &str = "{{#listing 02-two/src/main.rs imports}}\n";
    const MAIN: &str = "{{#listing 02-two/src/main.rs main}}";
    let folded_heads = |head: &str| {
        let small = Small::new();
        for file in ["book/stages/02-two/1-half/src/main.rs", "steps/02-two/src/main.rs"]
        {
            small.change(file, "fn main", "use std::io;\n\nfn main");
        }
        let both = "{{#listing 02-two/src/main.rs imports main}}";
        small.change("book/src/02-two.md", both, &format!("{head}\n{MAIN}"));
        let page = Html::parse_document(&page(&small));
        page.select(&page::selector("details.head")).count()
    };
    let (fold, end) = ("<details><summary>More</summary>\n\n", "\n</details>\n\n");
    assert_eq!(folded_heads(HEAD), 1);
    assert_eq!(folded_heads(&format!("{fold}{HEAD}{end}")), 0);
    assert_eq!(folded_heads(&format!("{fold}{end}{HEAD}")), 1);
}

#[test]
fn a_chapter_comes_to_its_stages_in_their_order() {
    for (stage, expected) in [
        ("", "02-two.md never comes to its stage 1-half"),
        ("{{#stage 2-other}}", "line 11: stage: the next stage is 1-half"),
        (
            "{{#stage 1-half}}\n{{#stage 1-half}}",
            "line 12: stage: the next stage is none",
        ),
        ("{{#stage 1-half twice}}", "it takes no word but `test`"),
    ] {
        let small = Small::new();
        small.write("book/src/02-two.md", &CHAPTER.replace("{{#stage 1-half}}", stage));
        let error = small.built().unwrap_err();
        assert!(error.contains(expected), "{error}");
    }
}

#[test]
fn a_stage_holds_only_what_differs() {
    let stage = "book/stages/02-two/1-half";
    for (file, text, expected) in [
        ("stage.toml", "same = [\"src/no.rs\"]\n", "the step has no src/no.rs"),
        ("stage.toml", "gone = [\"src/no.rs\"]\n", "src/no.rs isn't there to be gone"),
        ("stage.toml", "other = 1\n", "unknown field `other`"),
        (
            "src/main.rs",
            "fn main() {\n    println!(\"one\");\n}\n",
            "src/main.rs is as before: leave it out",
        ),
        (
            "src/two.rs",
            "pub fn two() -> u8 {\n    2\n}\n",
            "src/two.rs is as in the step: name it in stage.toml",
        ),
        ("../../03-three/1-half/src/main.rs", "\n", "stages/03-three: no such step"),
    ] {
        let small = Small::new();
        small.write(&format!("{stage}/{file}"), text);
        let error = small.built().unwrap_err();
        assert!(error.contains(expected), "{error}");
    }
}

#[test]
fn a_chapter_of_two_pages_makes_its_step() {
    let small = Small::with_two_pages();
    assert_eq!(faults_of(&small), Vec::<String>::new());
    // What the second page shows is marked against the stage.
    let pages = small.built().unwrap();
    let second = fs::read_to_string(pages.join("02-more.html")).unwrap();
    let second = Html::parse_document(&second);
    let gone = page::selector("[data-step]:has([data-path=\"main\"]) del");
    let gone: Vec<String> = second.select(&gone).map(page::seen).collect();
    assert_eq!(gone, ["    println!(\"{}\", half());"]);
}

#[test]
fn what_either_page_leaves_out_is_named() {
    for (page, line, expected) in [
        ("02-two", "{{#listing 02-two/src/main.rs half}}", "`fn half() -> u8 {` is left"),
        ("02-more", "{{#listing 02-two/src/two.rs}}", "`pub fn two() -> u8 {` is left"),
        ("02-more", "{{#removed 1-half/src/main.rs half}}", "is still there"),
    ] {
        let small = Small::with_two_pages();
        small.change(&format!("book/src/{page}.md"), line, "");
        let faults = faults_of(&small);
        assert!(faults.iter().any(|fault| fault.contains(expected)), "{faults:?}");
    }
    let small = Small::with_two_pages();
    small.change("book/src/SUMMARY.md", "- [More](02-more.md)\n", "");
    assert_eq!(faults_of(&small), ["02-two has no chapter 02-more.md"]);
}

#[test]
fn a_page_ends_at_its_stage_and_the_next_begins_there() {
    let end = "{{#stage 1-half}}";
    let listing = "{{#listing 02-two/src/two.rs}}";
    let rest = "book/stages/02-two/1-half/stage.toml";
    let after = |directive: &str| format!("{end}\n{directive}");
    for (file, from, to, expected) in [
        ("book/src/02-two.md", end, "", "02-two.md never comes to its stage 1-half"),
        ("book/src/02-two.md", end, &after(listing), "no program is made here"),
        ("book/src/02-two.md", end, &after("{{#builds}}"), "no program is made here"),
        ("book/src/02-two.md", end, &after(end), "the next stage is none"),
        ("book/src/02-more.md", "# More", end, "the next stage is none"),
        ("book/src/02-more.md", "1-half/", "01-one/", "is named as in 1-half"),
        (rest, "02-more", "01-one", "1-half: 01-one is a page already"),
        (rest, "02-more", "02-two", "1-half: 02-two is a page already"),
    ] {
        let small = Small::with_two_pages();
        small.change(file, from, to);
        let error = small.built().unwrap_err();
        assert!(error.contains(expected), "{expected}: {error}");
    }
}

#[test]
fn both_pages_show_again_what_the_other_made() {
    let small = Small::with_two_pages();
    let recall = |what: &str| format!("\n{{{{#recall {what}}}}}\n");
    small.change("book/src/02-more.md", "# More", &recall("1-half/src/main.rs half"));
    let end = "{{#stage 1-half}}\n";
    small.change(
        "book/src/02-two.md",
        end,
        &(end.to_owned() + &recall("02-two/src/two.rs")),
    );
    assert_eq!(faults_of(&small), Vec::<String>::new());
}
