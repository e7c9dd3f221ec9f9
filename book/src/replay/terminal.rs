//! A recorded terminal as HTML: commands, what was typed, and what was printed.

use super::html::{escaped, preformatted};
use crate::record::{COMMAND, CONTINUED, NOTE, TYPED};

const FAILED: &str = "✗ ";
const PASSED: &str = "✓ ";
const SUMMARY: &str = "Step ";

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
            Piece::Lines(lines) => html.push_str(&(preformatted(lines) + "\n")),
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
    fn what_was_typed_is_told_from_what_was_printed() {
        let html = html("# here\n$ nc\n< hello\n  hello\n");
        let lines = "<span class=\"note\"># here</span>\n\
                     <span class=\"prompt\">$ </span><b>nc</b>\n<b>hello</b>\nhello\n";
        assert!(html.contains(lines), "{html}");
    }
}
