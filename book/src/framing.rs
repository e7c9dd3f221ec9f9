//! The framing table: the requests that the checks send, and what becomes of each.

use anyhow::{Result, bail};
use checks::checks::bodies::framing::{Row, Table};
use maud::{Markup, html};

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
pub fn table(rows: Vec<Row>) -> Markup {
    let mut answers: Vec<Option<u16>> = Vec::new();
    for row in &rows {
        if !answers.contains(&row.answer) {
            answers.push(row.answer);
        }
    }
    html! {
        figure.framing {
            figcaption { "… stands for " code { (bytes(BEGINNING, false)) } }
            @for answer in answers {
                (group(answer, rows.iter().filter(|row| row.answer == answer)))
            }
        }
    }
}

fn group<'a>(answer: Option<u16>, rows: impl Iterator<Item = &'a Row> + Clone) -> Markup {
    html! {
        details open[answer.is_none()] {
            summary {
                @match answer {
                    None => "answered, and the connection stays",
                    Some(status) => { (status) ", and the connection ends" },
                }
                ": " (rows.clone().count())
            }
            table {
                thead {
                    tr { th scope="col" { "what it is" } th scope="col" { "what is sent" } }
                }
                tbody {
                    @for row in rows {
                        tr {
                            th scope="row" { (row.says) }
                            td {
                                code {
                                    @match row.sends.strip_prefix(BEGINNING) {
                                        Some(rest) => (bytes(rest, true)),
                                        None => (bytes(&row.sends, false)),
                                    }
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}

/// As a programmer writes them, so that the page breaks them behind a line's end. Where the
/// beginning is left out, dots stand for it.
fn bytes(text: &str, is_rest: bool) -> Markup {
    html! {
        @for (index, line) in text.split_inclusive('\n').enumerate() {
            span {
                @if is_rest && index == 0 { i { "…" } }
                @for letter in line.chars() { (shown(letter)) }
            }
        }
    }
}

fn shown(letter: char) -> Markup {
    html! {
        @match letter {
            '\r' => i { "\\r" },
            '\n' => i { "\\n" },
            '\t' => i { "\\t" },
            '\\' => i { "\\\\" },
            ' '..='~' => (letter),
            '\0'..='\x7f' => i { (format!("\\x{:02x}", u32::from(letter))) },
            _ => i { (letter.escape_unicode()) },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_is_shown_once() {
        let table = table(Table::read().rows).into_string();
        for row in Table::read().rows {
            let says = html! { th scope="row" { (row.says) } }.into_string();
            assert_eq!(table.matches(&says).count(), 1, "{}", row.says);
        }
    }

    #[test]
    fn bytes_are_shown_as_they_would_be_written() {
        assert_eq!(
            bytes("a: \"<b>\"\r\n\t\0\x0b\u{665}\\", false).into_string(),
            "<span>a: &quot;&lt;b&gt;&quot;<i>\\r</i><i>\\n</i></span>\
             <span><i>\\t</i><i>\\x00</i><i>\\x0b</i><i>\\u{665}</i><i>\\\\</i></span>"
        );
    }
}
