//! Every way in which a recorded terminal differs from what a program printed, or may differ from
//! the next run. Nothing else is touched.
//!
//! Rewritten before it is kept:
//!
//! - **port**: a free port is used, and 8080 is shown.
//! - **terminal**: the carriage return before a newline, which no terminal shows.
//! - **files**: those that are served are made for the run, and dated; see [`super::place`].
//!
//! Kept as it was, and not compared with the next run:
//!
//! - **date**: the value of a Date field.
//! - **version**: the value of an ETag, which depends on the disk, and wherever a client sends
//!   it back.
//! - **boundary**: what separates the parts of a multipart, drawn at random.
//! - **amounts**: numbers that the kernel's tuning decides, see [`amounts`].

use super::place::SHOWN;

/// What stands before a port.
const BEFORE_PORT: [&str; 4] = ["127.0.0.1:", "127.0.0.1 ", "localhost:", "htons("];

pub fn port(text: &str, port: u16) -> String {
    BEFORE_PORT.iter().fold(text.to_string(), |text, before| {
        text.replace(&format!("{before}{port}"), &format!("{before}{SHOWN}"))
    })
}

pub fn terminal(text: &str) -> String {
    text.replace("\r\n", "\n")
}

/// A console's line without what may differ next time.
pub fn comparable(line: &str) -> String {
    amounts(&boundary(&version(&date(line))))
}

fn boundary(line: &str) -> String {
    const DIGITS: usize = 16;
    let drawn = line.split("--").nth(1).or(line.split("boundary=").nth(1));
    let drawn = drawn.and_then(|it| it.get(..DIGITS));
    match drawn.filter(|it| it.bytes().all(|byte| byte.is_ascii_hexdigit())) {
        Some(drawn) => line.replace(drawn, "…"),
        None => line.to_string(),
    }
}

/// Without the values of the fields that have a file's version.
fn version(line: &str) -> String {
    const FIELDS: [&str; 4] = ["etag: ", "if-none-match: ", "if-match: ", "if-range: "];
    let lower = line.to_ascii_lowercase();
    let found = FIELDS.iter().filter_map(|field| Some(lower.find(field)? + field.len()));
    let Some(start) = found.min() else { return line.to_string() };
    let (before, after) = line.split_at(start);
    let quoted = after.trim_start_matches(['\\', '"']);
    let rest = quoted.trim_start_matches(|it: char| it.is_ascii_hexdigit());
    match quoted.len() < after.len() {
        true => format!("{before}…{}", version(rest)),
        false => format!("{before}{}", version(after)),
    }
}

fn date(line: &str) -> String {
    const FIELD: &str = "date: ";
    let Some(at) = line.to_ascii_lowercase().find(FIELD) else {
        return line.to_string();
    };
    let (before, after) = line.split_at(at + FIELD.len());
    match moment(after) {
        Some(length) => format!("{before}…{}", date(&after[length..])),
        None => format!("{before}{}", date(after)),
    }
}

/// How long the date is that a text begins with. Where a trace ends it may be cut.
fn moment(text: &str) -> Option<usize> {
    const FORM: &str = "Sun, 06 Nov 1994 08:49:37 GMT";
    const NAMES: &str = "Mon, Tue, Wed, Thu, Fri, Sat, Sun, \
         Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec ";
    let like = |(is, form): &(char, char)| match form {
        '0'..='9' => is.is_ascii_digit(),
        ' ' | ',' | ':' | 'G' | 'T' => is == form,
        _ => is.is_ascii_alphabetic(),
    };
    let length = text.chars().zip(FORM.chars()).take_while(like).count();
    let named = |at: std::ops::Range<usize>| {
        text.get(at.start..at.end.min(length)).is_none_or(|name| NAMES.contains(name))
    };
    let is_whole = length == FORM.len() || text[length..].starts_with(['"', '\\']);
    (is_whole && named(0..5) && named(8..12)).then_some(length)
}

/// How much a server took before its client's and its own buffers were full, and the command
/// that sends as much by hand.
fn amounts(line: &str) -> String {
    const BEFORE: [&str; 2] = ["received  it takes ", "yes | head -c "];
    let found = BEFORE.iter().find_map(|before| Some((before, line.split_once(before)?)));
    match found {
        Some((before, (start, _))) => format!("{start}{before}…"),
        None => line.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_port_is_replaced_where_it_is_one() {
        assert_eq!(
            port("127.0.0.1:9876: 9876 bytes", 9876),
            "127.0.0.1:8080: 9876 bytes"
        );
    }

    #[test]
    fn only_dates_and_amounts_are_not_compared() {
        assert_eq!(comparable("date: Sun, 06 Nov 1994\\r"), "date: …\\r");
        assert_eq!(comparable("date: Son, 06 Nov 1994\\r"), "date: Son, 06 Nov 1994\\r");
        assert_eq!(comparable("    received  it takes 17"), "    received  it takes …");
        assert_eq!(comparable("  yes | head -c 17 | nc"), "  yes | head -c …");
        let twice = r#"Date: Sun, 06 Nov 1994 08:49:37 GMT\r\n Date: Sun, 06 No"..., 9"#;
        assert_eq!(comparable(twice), r#"Date: …\r\n Date: …"..., 9"#);
        assert_eq!(comparable("content-length: 17"), "content-length: 17");
        assert_eq!(
            comparable("ETag: \"1a2f\"\r\nIf-Range: \\\"1a\""),
            "ETag: …\"\r\nIf-Range: …\""
        );
        assert_eq!(comparable("ETag: 17"), "ETag: 17");
        let drawn = "0123456789abcdef";
        assert_eq!(comparable(&format!("--{drawn}--")), "--…--");
        assert_eq!(comparable(&format!("x; boundary={drawn}")), "x; boundary=…");
        let other = "x --etag-compare tag http://127.0.0.1:8080/hello.txt";
        assert_eq!(comparable(other), other);
    }
}
