//! A folder's page, if it has none of its own.

use bytesize::ByteSize;
use maud::{DOCTYPE, Markup, PreEscaped, html};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_encode};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use super::folder::{ENTRY_LIMIT, Entry, Folder};

/// The fields of a page's type.
pub const TYPE: &str = "Content-Type: text/html; charset=utf-8\r\n";

/// What isn't encoded in a path (RFC 3986, section 2.3). So no name is taken for a scheme, a query
/// or a path of its own.
pub const ENCODED: &AsciiSet =
    &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// The page of what is in the folder at `path`: folders first, then files, by name.
pub fn page(path: &[u8], mut folder: Folder) -> String {
    folder.entries.sort_by_cached_key(|entry| {
        let spelled = readable(&entry.name).to_lowercase();
        (!entry.is_folder, spelled, entry.name.clone())
    });
    let title = readable(path);
    let page = html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                title { (title) }
                style { (PreEscaped(STYLE)) }
            }
            body {
                h1 { bdi { (title) } }
                @if folder.has_more {
                    p { "This folder has more than " (ENTRY_LIMIT) " entries. Only some of them are listed." }
                }
                (table(path, &folder.entries))
            }
        }
    };
    page.into_string() + "\n"
}

fn table(path: &[u8], entries: &[Entry]) -> Markup {
    html! {
        table {
            thead { tr { th { "Name" } th { "Size" } th { "Modified (UTC)" } } }
            tbody {
                @if path != b"/" {
                    tr { td { a href="../" aria-label="Parent folder" { "../" } } td {} td {} }
                }
                @for entry in entries { (row(entry)) "\n" }
            }
        }
        @if entries.is_empty() { p { "There is nothing in it." } }
    }
}

/// A name may be written from right to left, and what stands beside it mustn't be (`bdi`).
fn row(entry: &Entry) -> Markup {
    let slash = if entry.is_folder { "/" } else { "" };
    let link = percent_encode(&entry.name, ENCODED);
    html! {
        tr {
            td { a href={ (link) (slash) } { bdi { (readable(&entry.name)) } (slash) } }
            @if entry.is_folder { td {} } @else { (size(entry.length)) }
            td { (date(entry.modified)) }
        }
    }
}

fn size(bytes: u64) -> Markup {
    html! { td title={ (bytes) " bytes" } { (ByteSize(bytes).display().iec()) } }
}

/// In UTC. Nothing for a time that nobody knows, as for Last-Modified, and for one beyond the year
/// 9999.
fn date(seconds: i64) -> Markup {
    let known = Some(seconds).filter(|&seconds| seconds > 1);
    let date = known.and_then(|it| OffsetDateTime::from_unix_timestamp(it).ok());
    let text = date.and_then(|date| date.format(&Rfc3339).ok());
    html! {
        @if let Some(text) = text {
            time datetime=(text) { (text[..10]) " " (text[11..16]) }
        }
    }
}

/// As text. What isn't UTF-8 and what isn't visible is replaced.
fn readable(name: &[u8]) -> String {
    String::from_utf8_lossy(name).replace(char::is_control, "\u{fffd}")
}

/// On a narrow screen, size and date are in a line below the name.
const STYLE: &str = "
:root { color-scheme: light dark; --line: #ddd; --pale: #666; --row: #f3f3f3 }
@media (prefers-color-scheme: dark) { :root { --line: #444; --pale: #aaa; --row: #2a2a2a } }
body { max-width: 60rem; margin: 1.5rem auto; padding: 0 1rem; font: 1rem/1.5 system-ui, sans-serif }
h1 { font-size: 1.25rem }
h1, td:first-child { overflow-wrap: anywhere }
table { width: 100%; border-collapse: collapse }
th { color: var(--pale); font-weight: normal; text-align: left }
th, td { padding: .25rem .75rem; border-bottom: 1px solid var(--line) }
th:first-child, td:first-child { width: 100%; padding-left: 0 }
th:last-child, td:last-child { padding-right: 0 }
th + th, td + td { text-align: right; white-space: nowrap; font-variant-numeric: tabular-nums }
td + td { color: var(--pale) }
tr:hover td { background: var(--row) }
td a { display: block; padding: .25rem 0; text-decoration: none }
td a:hover { text-decoration: underline }
@media (max-width: 36rem) {
  thead { display: none }
  tr { display: flex; flex-wrap: wrap; justify-content: space-between; border-bottom: 1px solid var(--line) }
  td { padding: .125rem 0; border: 0 }
  td:first-child { flex-basis: 100% }
  td + td { font-size: .875rem }
}
";

#[cfg(test)]
mod tests;
