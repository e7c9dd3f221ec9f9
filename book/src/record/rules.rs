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
//! - **amounts**: how much a server took before its client's and its own buffers were full, which the
//!   kernel's tuning decides, and the command that sends as much by hand.

use std::sync::LazyLock;

use regex::Regex;

use super::place::SHOWN;

/// What stands before a port.
const BEFORE_PORT: [&str; 3] = ["127.0.0.1:", "127.0.0.1 ", "localhost:"];

pub fn port(text: &str, port: u16) -> String {
    BEFORE_PORT.iter().fold(text.to_string(), |text, before| {
        text.replace(&format!("{before}{port}"), &format!("{before}{SHOWN}"))
    })
}

pub fn terminal(text: &str) -> String {
    text.replace("\r\n", "\n")
}

/// What stands before what may differ next time, and that.
const DIFFERING: [&str; 4] = [
    r"(?i)(\bdate: )(?-i:(Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d\d (Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) \d{4} \d\d:\d\d:\d\d GMT)",
    r#"(?i)((?:etag|if-none-match|if-match|if-range): )"[0-9a-f]*"#,
    r"(--|boundary=)[0-9a-f]{16}",
    r"(received  it takes |yes \| head -c ).*",
];

static RULES: LazyLock<[Regex; 4]> =
    LazyLock::new(|| DIFFERING.map(|rule| Regex::new(rule).expect("a rule is a regex")));

/// A console's line without what may differ next time.
pub fn comparable(line: &str) -> String {
    let without =
        |line: String, rule: &Regex| rule.replace_all(&line, "$1…").into_owned();
    RULES.iter().fold(line.to_string(), without)
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
        let date = "date: Sun, 06 Nov 1994 08:49:37 GMT";
        assert_eq!(comparable(date), "date: …");
        let other = date.replace("Sun", "Son");
        assert_eq!(comparable(&other), other);
        assert_eq!(comparable("    received  it takes 17"), "    received  it takes …");
        assert_eq!(comparable("  yes | head -c 17 | nc"), "  yes | head -c …");
        assert_eq!(comparable("content-length: 17"), "content-length: 17");
        let versions = "ETag: \"1a2f\" If-Range: \"1a\"";
        assert_eq!(comparable(versions), "ETag: …\" If-Range: …\"");
        assert_eq!(comparable("ETag: 17"), "ETag: 17");
        let drawn = "0123456789abcdef";
        assert_eq!(comparable(&format!("--{drawn}--")), "--…--");
        assert_eq!(comparable(&format!("x; boundary={drawn}")), "x; boundary=…");
        let other = "x --etag-compare tag http://127.0.0.1:8080/hello.txt";
        assert_eq!(comparable(other), other);
    }
}
