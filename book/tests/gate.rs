//! The book's pages as they are built, and a small book broken in every way.

#[path = "gate/mod.rs"]
mod gate;

use std::fs;
use std::path::Path;

use book::build::{build, root};
use gate::{Site, faults, outside, unseen};

#[test]
fn the_book_has_no_faults() {
    let pages = tempfile::tempdir().unwrap();
    let built = build(&root(), Some(pages.path()));
    let built = built.unwrap_or_else(|error| panic!("\n{error:#}\n"));
    assert_eq!(built.warnings, Vec::<String>::new());
    let allowed = outside(&root().join("links.toml"));
    let faults = faults(&Site::read(&built.pages), &allowed);
    assert!(faults.is_empty(), "\n{}\n", faults.join("\n"));
}

#[test]
fn everything_that_was_made_for_the_book_is_in_it() {
    let unseen = unseen(&root());
    assert!(unseen.is_empty(), "\n{}\n", unseen.join("\n"));
}

const CHAPTER: &str = "\
# One

See [two](two.md#part), [outside](https://example.org/), ![a dot](dot.png).

{{#listing 01-one/src/main.rs}}

{{#picture ring}}
";

const PICTURE: &str = "\
<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 9 9\" role=\"img\">
<title>A ring</title>

<circle r=\"3\"/>
</svg>
";

/// A small book in a folder of its own, with `chapter` as its first.
fn small_book(chapter: &str) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let files = [
        (
            "book/book.toml",
            "[book]\ntitle = \"Small\"\n[build]\nuse-default-preprocessors = false\n\
            [preprocessor.lander]\ncommand = \"false\"\n[output.html]\ninput-404 = \"\"\n\
            [output.html.print]\nenable = false\n",
        ),
        ("book/src/SUMMARY.md", "- [One](01-one.md)\n- [Two](two.md)\n"),
        ("book/src/01-one.md", chapter),
        ("book/src/two.md", "# Two\n\n## Part\n\nText.\n"),
        ("book/src/dot.png", "a dot"),
        ("book/src/pictures/ring.svg", PICTURE),
        ("steps/01-one/Cargo.toml", "[package]\nname = \"step1\"\n"),
        ("steps/01-one/src/main.rs", "fn main() {\n    println!(\"one\");\n}\n"),
    ];
    for (name, text) in files {
        let file = folder.path().join(name);
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(file, text).unwrap();
    }
    folder
}

fn faults_of(folder: &Path) -> Vec<String> {
    let built = build(&folder.join("book"), None).unwrap();
    let mut found = built.warnings;
    found.extend(faults(&Site::read(&built.pages), &["https://example.org/".to_owned()]));
    found
}

/// The one fault of the small book after `from` in its first chapter has become `to`.
#[track_caller]
fn assert_fault(from: &str, to: &str, expected: &str) {
    assert!(CHAPTER.contains(from), "{from}");
    let folder = small_book(&CHAPTER.replace(from, to));
    let found = faults_of(folder.path());
    assert!(found.iter().any(|fault| fault.contains(expected)), "{expected}: {found:#?}");
}

/// The book with that change isn't built, and says why.
#[track_caller]
fn assert_failure(from: &str, to: &str, expected: &str) {
    assert!(CHAPTER.contains(from), "{from}");
    let folder = small_book(&CHAPTER.replace(from, to));
    let Err(error) = build(&folder.path().join("book"), None) else {
        panic!("it is built");
    };
    let sentence = format!("{error:#}");
    assert!(sentence.contains(expected), "{expected}: {sentence}");
}

#[test]
fn a_small_book_has_no_faults() {
    let folder = small_book(CHAPTER);
    assert_eq!(faults_of(folder.path()), Vec::<String>::new());
}

#[test]
fn a_warning_is_heard() {
    assert_fault("# One", "# One\n\n<b>never closed", "unclosed HTML tag");
}

#[test]
fn a_link_to_no_file_is_a_fault() {
    assert_fault("two.md#part", "three.md", "three.html leads to no file");
}

#[test]
fn a_link_to_no_heading_is_a_fault() {
    assert_fault(
        "two.md#part",
        "two.md#whole",
        "two.html#whole leads to a page without that id",
    );
}

#[test]
fn a_link_to_no_picture_is_a_fault() {
    assert_fault("dot.png", "dots.png", "dots.png leads to no file");
}

#[test]
fn a_link_that_is_not_on_the_list_is_a_fault() {
    assert_fault(
        "example.org/",
        "example.org/other",
        "https://example.org/other isn't in",
    );
}

#[test]
fn a_link_on_the_list_that_nobody_follows_is_a_fault() {
    assert_fault(
        "[outside](https://example.org/)",
        "x",
        "no page links to https://example.org/",
    );
}

#[test]
fn a_picture_without_words_is_a_fault() {
    assert_fault("![a dot]", "![]", "dot.png has no text alternative");
    assert_fault("# One", "# One\n\n<svg></svg>", "a drawing has no text alternative");
}

#[test]
fn an_empty_block_is_a_fault() {
    assert_fault("# One", "# One\n\n```\n```", "an empty <code>");
    assert_fault("# One", "# One\n\n<p></p>", "an empty <p>");
    assert_fault("# One", "#", "an empty <h1>");
}

#[test]
fn a_page_that_weighs_too_much_is_a_fault() {
    let folder = small_book(CHAPTER);
    fs::write(folder.path().join("book/src/dot.png"), vec![0; 1_000_000]).unwrap();
    let found = faults_of(folder.path());
    assert!(
        found.iter().any(|fault| fault.contains("01-one.html: the page weighs")),
        "{found:?}"
    );
}

#[test]
fn a_font_that_is_not_there_is_a_fault() {
    let folder = small_book(CHAPTER);
    let pages = build(&folder.path().join("book"), None).unwrap().pages;
    let fonts =
        fs::read_dir(pages.join("fonts")).unwrap().map(|entry| entry.unwrap().path());
    let font =
        fonts.into_iter().find(|path| path.extension().is_some_and(|it| it == "woff2"));
    fs::remove_file(font.unwrap()).unwrap();
    let found = faults(&Site::read(&pages), &["https://example.org/".to_owned()]);
    assert!(
        found.iter().any(|fault| fault.contains(".woff2 leads to no file")),
        "{found:?}"
    );
}

#[test]
fn a_drawing_that_lacks_what_it_refers_to_is_a_fault() {
    let drawing = "<svg aria-labelledby=\"a\"><title id=\"b\">A</title></svg>";
    assert_fault("# One", &format!("# One\n\n{drawing}"), "refers to a, which isn't on");
    let drawing = "<svg><title>A</title><path marker-end=\"url(#tip)\"/></svg>";
    assert_fault("# One", &format!("# One\n\n{drawing}"), "refers to tip, which isn't");
}

#[test]
fn two_equal_ids_are_a_fault() {
    assert_fault(
        "# One",
        "# One\n\n<b id=\"a\">a</b> <b id=\"a\">b</b>",
        "have the id a",
    );
}

#[test]
fn what_a_chapter_calls_for_and_is_not_there_stops_the_build() {
    let listing = "listing 01-one/src/main.rs";
    for (from, to, expected) in [
        (
            listing,
            "shown 01-one/src/main.rs",
            "01-one.md, line 5: shown: there is no directive",
        ),
        (
            listing,
            "listing 01-one/src/maim.rs",
            "line 5: listing: there is no src/maim.rs in",
        ),
        (
            listing,
            "listing 01-one/src/main.rs mein",
            "there is no `mein`; there are main",
        ),
        (listing, "listing 02-two/src/main.rs", "this chapter shows 01-one"),
        (listing, "listing main.rs", "`main.rs` is no file of a step"),
        ("{{#listing", "See {{#listing", "01-one.md: line 5: a directive is"),
        ("picture ring", "picture rang", "line 7: picture: cannot read the picture"),
        (
            "picture ring",
            "removed 00-none/src/main.rs",
            "what is gone or moved is named as in",
        ),
        ("picture ring", listing, "line 7: listing: it has been shown"),
        ("picture ring", "recall 03-three/src/main.rs", "there is no step 03-three"),
        ("picture ring", "matrix", "cannot read the matrix"),
        (
            "picture ring",
            "answer 01-none",
            "line 7: answer: there is no answer `01-none`",
        ),
    ] {
        assert_failure(from, to, expected);
    }
}
