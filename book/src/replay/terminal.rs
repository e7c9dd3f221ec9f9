//! A recorded terminal as HTML: commands, what was typed, and what was printed.

use std::ops::Range;

use super::html::{escaped, preformatted};
use crate::record::kept::{COMMAND, CONTINUED, NOTE, TYPED};

const FAILED: &str = "✗ ";
const PASSED: &str = "✓ ";
const SUMMARY: &str = "Step ";
/// What begins the line of a check that passed, in HTML.
const GOOD: &str = "<span class=\"good\">";
/// Of a long run of checks that passed, how many lines stay: those of earlier chapters come first,
/// the chapter's own last.
const FIRST: usize = 2;
const LAST: usize = 12;
/// The least number of lines that is folded away.
const FOLD: usize = 10;

/// The report of a failed check: its first line, and the lines below it.
enum Piece {
    Lines(Vec<String>),
    Report(String, Vec<String>),
}

pub fn html(transcript: &str) -> String {
    let pieces = pieces(transcript);
    let mut html = String::from(
        "<figure class=\"run\">\n\
         <div class=\"screen\" tabindex=\"0\" role=\"region\" aria-label=\"A terminal\">\n",
    );
    let mut first = true;
    for piece in &pieces {
        match piece {
            Piece::Lines(lines) if lines.is_empty() => {}
            Piece::Lines(lines) => push_lines(lines, &mut html),
            Piece::Report(head, lines) => {
                let open = if first { " open" } else { "" };
                let lines = preformatted(lines);
                html.push_str(&format!(
                    "<details{open}><summary>{head}</summary>{lines}</details>\n"
                ));
                first = false;
            }
        }
    }
    html.push_str("</div>\n</figure>\n");
    html
}

fn push_lines(lines: &[String], html: &mut String) {
    let mut at = 0;
    for fold in folds(lines) {
        html.push_str(&preformatted(&lines[at..fold.start]));
        let (count, passed) = (fold.len(), preformatted(&lines[fold.clone()]));
        html.push_str(&format!(
            "\n<details class=\"passed\"><summary>{count} more passed</summary>{passed}</details>\n"
        ));
        at = fold.end;
    }
    html.push_str(&(preformatted(&lines[at..]) + "\n"));
}

/// The lines within long runs of checks that passed.
fn folds(lines: &[String]) -> Vec<Range<usize>> {
    let is_passed = |line: &String| line.starts_with(GOOD);
    let mut folds = Vec::new();
    let mut start = 0;
    for run in lines.chunk_by(|a, b| is_passed(a) == is_passed(b)) {
        if is_passed(&run[0]) && run.len() >= FIRST + FOLD + LAST {
            folds.push(start + FIRST..start + run.len() - LAST);
        }
        start += run.len();
    }
    folds
}

/// Only the first report is unfolded: there may be many.
fn pieces(transcript: &str) -> Vec<Piece> {
    let mut pieces = vec![Piece::Lines(Vec::new())];
    for line in transcript.lines() {
        let (mark, text) = line.split_at_checked(2).unwrap_or(("", line));
        let output = mark.trim().is_empty();
        let resumes = text.starts_with(PASSED) || text.starts_with(SUMMARY) || !output;
        if output && text.starts_with(FAILED) {
            pieces.push(Piece::Report(shown(mark, text), Vec::new()));
        } else if let Some(Piece::Report(_, lines)) = pieces.last_mut()
            && !resumes
        {
            // The mark that a report is indented by.
            lines.push(shown(mark, text));
        } else {
            if !matches!(pieces.last(), Some(Piece::Lines(_))) {
                pieces.push(Piece::Lines(Vec::new()));
            }
            if let Some(Piece::Lines(lines)) = pieces.last_mut() {
                lines.push(shown(mark, text));
            }
        }
    }
    pieces.iter_mut().for_each(trim);
    pieces
}

/// The blank lines around a report are its margin.
fn trim(piece: &mut Piece) {
    let (Piece::Lines(lines) | Piece::Report(_, lines)) = piece;
    while lines.last().is_some_and(String::is_empty) {
        lines.pop();
    }
    let blank = lines.iter().take_while(|line| line.is_empty()).count();
    lines.drain(..blank);
}

fn shown(mark: &str, text: &str) -> String {
    let text = escaped(text);
    match mark {
        NOTE => format!("<span class=\"note\"># {text}</span>"),
        COMMAND => format!("<span class=\"prompt\">$ </span><b>{text}</b>"),
        CONTINUED => format!("<span class=\"prompt\">&gt; </span><b>{text}</b>"),
        TYPED => format!("<b>{text}</b>"),
        _ if text.starts_with(PASSED) => check("good", &text),
        _ if text.starts_with(FAILED) => check("bad", &text),
        _ => text,
    }
}

/// The line of a check. Its name can be broken between words.
fn check(class: &str, text: &str) -> String {
    format!("<span class=\"{class}\">{}</span>", text.replace('_', "_<wbr>"))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What a reader sees of a run; the words of a fold are no part of it.
    fn text(page: &str) -> Vec<String> {
        let mut text = String::new();
        for piece in page.replace("</summary>", "</summary>\n").split('<').skip(1) {
            let (tag, words) = piece.split_once('>').unwrap();
            let is_fold = tag == "summary" && words.ends_with(" more passed");
            text.push_str(if is_fold { "" } else { words });
        }
        let text = text.replace("&lt;", "<").replace("&gt;", ">");
        solid(&text.replace("&quot;", "\"").replace("&amp;", "&"))
    }

    /// The lines that aren't blank.
    fn solid(text: &str) -> Vec<String> {
        let lines = text.lines().filter(|line| !line.trim().is_empty());
        lines.map(str::to_owned).collect()
    }

    #[test]
    fn the_first_report_of_a_failure_is_open() {
        let html = html(
            "$ check\n  ✓ one\n\n  ✗ two\n    Why <so>\n\n    Chapter 2\n\n  ✗ three\n    Why\n\n  \
             ✓ four\n  Step 2: 2 passed\n",
        );
        assert!(html.contains("<details open><summary><span class=\"bad\">✗ two</span>"));
        assert!(
            html.contains("<pre>  Why &lt;so&gt;\n<span></span>\n  Chapter 2\n</pre>")
        );
        assert!(html.contains("<details><summary><span class=\"bad\">✗ three</span>"));
        assert!(!html.contains("\n\n"), "{html}");
    }

    #[test]
    fn a_long_run_of_passes_is_folded_but_for_its_ends() {
        let passed: Vec<String> = (1..=40).map(|it| format!("✓ check{it}")).collect();
        let printed = |passed: &[String]| {
            let lines: String = passed.iter().map(|it| format!("  {it}\n")).collect();
            html(&format!(
                "$ check\n{lines}  Step 9: {} passed, 0 failed\n",
                passed.len()
            ))
        };
        let folded = printed(&passed);
        let fold = "<span class=\"good\">✓ check2</span>\n</pre>\n\
                    <details class=\"passed\"><summary>26 more passed</summary>\
                    <pre><span class=\"good\">✓ check3</span>\n";
        assert!(folded.contains(fold), "{folded}");
        let rest =
            "✓ check28</span>\n</pre></details>\n<pre><span class=\"good\">✓ check29<";
        assert!(folded.contains(rest), "{folded}");
        assert!(!printed(&passed[..23]).contains("<details"));
    }

    #[test]
    fn every_line_that_was_recorded_is_shown() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/recordings");
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.extension().is_none_or(|it| it != "txt") {
                continue;
            }
            let recorded = std::fs::read_to_string(&path).unwrap();
            let is_output =
                |line: &&str| line.starts_with(TYPED) || line.starts_with("  ");
            let seen = |line| if is_output(&line) { &line[2..] } else { line };
            let lines: Vec<&str> = recorded.lines().map(seen).collect();
            assert_eq!(text(&html(&recorded)), solid(&lines.join("\n")), "{path:?}");
        }
    }

    #[test]
    fn what_was_typed_is_told_from_what_was_printed() {
        let html = html("# here\n$ nc\n< hello\n  hello\n");
        let lines = "<span class=\"note\"># here</span>\n\
                     <span class=\"prompt\">$ </span><b>nc</b>\n<b>hello</b>\nhello\n";
        assert!(html.contains(lines), "{html}");
    }
}
