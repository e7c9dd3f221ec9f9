//! A recorded terminal as HTML: commands, what was typed, and what was printed.

use maud::{Markup, html};

use super::calls::breakable;
use crate::record::kept::{COMMAND, CONTINUED, NOTE, TYPED};

const FAILED: &str = "✗ ";
const PASSED: &str = "✓ ";
const SUMMARY: &str = "Step ";
/// Of a long run of checks that passed, how many lines stay: those of earlier chapters come first,
/// the chapter's own last.
const FIRST: usize = 2;
const LAST: usize = 12;
/// The least number of lines that is folded away.
const FOLD: usize = 10;

/// A line as it is shown.
struct Line {
    html: Markup,
    /// It says that a check passed.
    has_passed: bool,
}

/// Lines, below the first line of a failed check's report if they are one.
#[derive(Default)]
struct Piece {
    report: Option<Markup>,
    lines: Vec<Line>,
}

pub fn screen(transcript: &str) -> Markup {
    let mut pieces = pieces(transcript);
    pieces.retain(|piece| piece.report.is_some() || !piece.lines.is_empty());
    // There may be many reports: only the first is unfolded.
    let first = pieces.iter().position(|piece| piece.report.is_some());
    html! {
        figure.run {
            div.screen tabindex="0" role="region" aria-label="A terminal" {
                @for (index, piece) in pieces.iter().enumerate() {
                    @if let Some(head) = &piece.report {
                        details open[first == Some(index)] {
                            summary { (head) } (pre(&piece.lines))
                        }
                    } @else {
                        (plain(&piece.lines))
                    }
                }
            }
        }
    }
}

/// Long runs of checks that passed are folded but for their ends.
fn plain(lines: &[Line]) -> Markup {
    let (mut at, mut start) = (0, 0);
    let mut pieces = Vec::new();
    for run in lines.chunk_by(|a, b| a.has_passed == b.has_passed) {
        if run[0].has_passed && run.len() >= FIRST + FOLD + LAST {
            let fold = start + FIRST..start + run.len() - LAST;
            pieces.push((&lines[at..fold.start], &lines[fold.clone()]));
            at = fold.end;
        }
        start += run.len();
    }
    html! {
        @for (before, folded) in pieces {
            (pre(before))
            details.passed { summary { (folded.len()) " more passed" } (pre(folded)) }
        }
        (pre(&lines[at..]))
    }
}

/// A `<pre>` whose lines are never blank: to Markdown, HTML ends where a blank line is.
fn pre(lines: &[Line]) -> Markup {
    html! {
        pre {
            @for line in lines {
                @if line.is_blank() { span {} } @else { (line.html) }
                "\n"
            }
        }
    }
}

fn pieces(transcript: &str) -> Vec<Piece> {
    let mut pieces = vec![Piece::default()];
    for line in transcript.lines() {
        let (mark, text) = line.split_at_checked(2).unwrap_or(("", line));
        let output = mark.trim().is_empty();
        let resumes = text.starts_with(PASSED) || text.starts_with(SUMMARY) || !output;
        let line = shown(mark, text);
        if output && text.starts_with(FAILED) {
            pieces.push(Piece { report: Some(line.html), lines: Vec::new() });
            continue;
        }
        if resumes && pieces.last().is_some_and(|piece| piece.report.is_some()) {
            pieces.push(Piece::default());
        }
        if let Some(piece) = pieces.last_mut() {
            piece.lines.push(line);
        }
    }
    pieces.iter_mut().for_each(|piece| trim(&mut piece.lines));
    pieces
}

/// The blank lines around a report are its margin.
fn trim(lines: &mut Vec<Line>) {
    while lines.last().is_some_and(Line::is_blank) {
        lines.pop();
    }
    let blank = lines.iter().take_while(|line| line.is_blank()).count();
    lines.drain(..blank);
}

impl Line {
    fn is_blank(&self) -> bool {
        self.html.0.trim().is_empty()
    }
}

fn shown(mark: &str, text: &str) -> Line {
    let is_output = ![NOTE, COMMAND, CONTINUED, TYPED].contains(&mark);
    let has_passed = is_output && text.starts_with(PASSED);
    let html = html! {
        @match mark {
            NOTE => span.note { "# " (text) },
            COMMAND => { span.prompt { "$ " } b { (text) } },
            CONTINUED => { span.prompt { "> " } b { (text) } },
            TYPED => b { (text) },
            // The name of a check can be broken between words.
            _ if has_passed => span.good { (breakable(text, &["_"])) },
            _ if text.starts_with(FAILED) => span.bad { (breakable(text, &["_"])) },
            _ => (text),
        }
    };
    Line { html, has_passed }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(transcript: &str) -> String {
        screen(transcript).into_string()
    }

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
        let html = shown(
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
            shown(&format!(
                "$ check\n{lines}  Step 9: {} passed, 0 failed\n",
                passed.len()
            ))
        };
        let folded = printed(&passed);
        let fold = "<span class=\"good\">✓ check2</span>\n</pre>\
                    <details class=\"passed\"><summary>26 more passed</summary>\
                    <pre><span class=\"good\">✓ check3</span>\n";
        assert!(folded.contains(fold), "{folded}");
        let rest =
            "✓ check28</span>\n</pre></details><pre><span class=\"good\">✓ check29<";
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
            assert_eq!(text(&shown(&recorded)), solid(&lines.join("\n")), "{path:?}");
        }
    }

    #[test]
    fn what_was_typed_is_told_from_what_was_printed() {
        let html = shown("# here\n$ nc\n< hello\n  hello\n");
        let lines = "<span class=\"note\"># here</span>\n\
                     <span class=\"prompt\">$ </span><b>nc</b>\n<b>hello</b>\nhello\n";
        assert!(html.contains(lines), "{html}");
    }
}
