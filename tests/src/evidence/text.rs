//! Bytes and numbers as text that is the same in every run: no times, no ports.

/// Fields whose values differ from run to run.
const VOLATILE: [&str; 3] = ["date", "last-modified", "etag"];
/// Text up to this length is shown, and longer text counted.
const SHOWN: usize = 400;

/// Bytes as the transcript shows them: an HTTP message line by line, other text quoted, and
/// what is large counted. Lines after the first are indented by four.
pub fn shown(bytes: &[u8]) -> String {
    if let Some(lines) = http_lines(bytes) {
        return lines.join("\n    ").trim_end().to_string();
    }
    if bytes.len() > SHOWN {
        return amount(bytes.len());
    }
    let lines: Vec<&[u8]> = bytes.split_inclusive(|byte| *byte == b'\n').collect();
    if bytes.len() <= 60 || lines.len() < 2 {
        return quoted(bytes);
    }
    let lines: Vec<String> = lines.into_iter().map(quoted).collect();
    lines.join("\n    ")
}

/// Whole heads with nothing odd in them, whose lines may be shown bare; then the body.
fn http_lines(bytes: &[u8]) -> Option<Vec<String>> {
    let end = bytes.windows(4).rposition(|window| window == b"\r\n\r\n")?;
    let head = str::from_utf8(&bytes[..end]).ok()?;
    let mut lines = Vec::new();
    for line in head.split("\r\n") {
        if line.contains(|letter: char| letter.is_control() || !letter.is_ascii()) {
            return None;
        }
        lines.push(without_volatile(line));
    }
    let first = lines.first()?;
    if !first.starts_with("HTTP/1.") && !first.contains(" HTTP/1.") {
        return None;
    }
    if head.len() > 4 * SHOWN {
        return None;
    }
    let body = &bytes[end + 4..];
    lines.push(String::new());
    match str::from_utf8(body) {
        _ if body.is_empty() => {}
        Ok(text) if body.len() <= SHOWN => lines.extend(text.lines().map(str::to_string)),
        _ => lines.push(format!("({})", amount(body.len()))),
    }
    Some(lines)
}

fn without_volatile(line: &str) -> String {
    match line.split_once(": ") {
        Some((name, _)) if VOLATILE.contains(&name.to_ascii_lowercase().as_str()) => {
            format!("{name}: <{}>", name.to_ascii_lowercase())
        }
        _ => line.to_string(),
    }
}

pub fn quoted(bytes: &[u8]) -> String {
    let text = bytes.escape_ascii().to_string().replace("\\'", "'");
    format!("\"{text}\"")
}

pub fn amount(bytes: usize) -> String {
    match bytes {
        1 => "1 byte".to_string(),
        _ => format!("{} bytes", grouped(bytes as u64)),
    }
}

/// A number in groups of three digits.
pub fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn short_text_is_quoted_and_long_text_is_counted() {
        assert_eq!(shown(b"it's\n"), "\"it's\\n\"");
        assert_eq!(shown(&[b'x'; 1 << 20]), "1,048,576 bytes");
    }

    #[test]
    fn heads_are_lines_and_dates_are_not_shown() {
        let answer =
            b"HTTP/1.1 200 OK\r\nDate: Sun, 06 Nov 1994 08:49:37 GMT\r\n\r\nhi\n";
        let lines = "HTTP/1.1 200 OK\n    Date: <date>\n    \n    hi";
        assert_eq!(shown(answer), lines);
    }

    #[test]
    fn odd_line_ends_stay_visible() {
        assert_eq!(
            shown(b"GET / HTTP/1.1\nHost: x\n\n"),
            "\"GET / HTTP/1.1\\nHost: x\\n\\n\""
        );
    }
}
