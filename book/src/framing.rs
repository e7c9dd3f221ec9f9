//! The framing table: the requests that the checks send, and what becomes of each.

use std::fmt::Write;

use anyhow::{Result, bail};
use checks::checks::framing::{Row, Table};

use crate::listing::escape;

/// How most of them begin. It is left out, or the page would be full of it.
const BEGINNING: &str = "POST / HTTP/1.1\r\nHost: a\r\n";

/// The rows that a directive asks for: those about lengths, those about codings, or all.
pub fn rows(words: &[String]) -> Result<Vec<Row>> {
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    match words[..] {
        [] => Ok(Table::read().rows),
        ["lengths"] => Ok(Table::lengths().rows),
        ["codings"] => Ok(Table::codings().rows),
        _ => bail!("it takes `lengths`, `codings` or nothing"),
    }
}

/// The table as HTML, the rows with the same answer under one heading. What is refused is
/// folded.
pub fn table(rows: Vec<Row>) -> String {
    let mut answers: Vec<Option<u16>> = Vec::new();
    for row in &rows {
        if !answers.contains(&row.answer) {
            answers.push(row.answer);
        }
    }
    let mut to = String::from("<figure class=\"framing\">\n");
    for answer in answers {
        let same: Vec<&Row> = rows.iter().filter(|row| row.answer == answer).collect();
        group(&mut to, answer, &same);
    }
    let _ = writeln!(
        to,
        "<figcaption>… stands for <code>{}</code></figcaption>\n</figure>",
        bytes(BEGINNING)
    );
    to
}

fn group(to: &mut String, answer: Option<u16>, rows: &[&Row]) {
    let (open, what) = match answer {
        None => (" open", "answered, and the connection stays".to_owned()),
        Some(status) => ("", format!("{status}, and the connection ends")),
    };
    let count = rows.len();
    let _ = writeln!(to, "<details{open}><summary>{what}: {count}</summary>");
    to.push_str("<table>\n<thead><tr><th scope=\"col\">what it is</th>");
    to.push_str("<th scope=\"col\">what is sent</th></tr></thead>\n<tbody>\n");
    for row in rows {
        let sent = match row.sends.strip_prefix(BEGINNING) {
            Some(rest) => bytes(rest).replacen("<span>", "<span><i>…</i>", 1),
            None => bytes(&row.sends),
        };
        let says = escape(&row.says);
        let _ = writeln!(
            to,
            "<tr><th scope=\"row\">{says}</th><td><code>{sent}</code></td></tr>"
        );
    }
    to.push_str("</tbody></table></details>\n");
}

/// As a programmer writes them, so that the page breaks them behind a line's end.
fn bytes(text: &str) -> String {
    let mut to = String::new();
    for line in text.split_inclusive('\n') {
        let line: String = line.chars().map(shown).collect();
        let _ = write!(to, "<span>{line}</span>");
    }
    to
}

fn shown(letter: char) -> String {
    match letter {
        '\r' => "<i>\\r</i>".into(),
        '\n' => "<i>\\n</i>".into(),
        '\t' => "<i>\\t</i>".into(),
        ' '..='~' => escape(&letter.to_string()),
        '\0'..='\x7f' => format!("<i>\\x{:02x}</i>", u32::from(letter)),
        _ => format!("<i>{}</i>", letter.escape_unicode()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_is_shown_once() {
        let table = table(Table::read().rows);
        for row in Table::read().rows {
            let says = format!("<th scope=\"row\">{}</th>", escape(&row.says));
            assert_eq!(table.matches(&says).count(), 1, "{}", row.says);
        }
    }

    #[test]
    fn bytes_are_shown_as_they_would_be_written() {
        assert_eq!(
            bytes("a: \"<b>\"\r\n\t\0\x0b\u{665}"),
            "<span>a: &quot;&lt;b&gt;&quot;<i>\\r</i><i>\\n</i></span>\
             <span><i>\\t</i><i>\\x00</i><i>\\x0b</i><i>\\u{665}</i></span>"
        );
    }
}
