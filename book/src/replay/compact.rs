//! System calls where there is little room: what `strace` says, in fewer letters.

/// `{fd=3, events=POLLIN}` is `3: POLLIN`, and data is cut after so many bytes.
pub fn args(args: &str, longest: usize) -> String {
    shortened(&entries(args), longest)
}

/// Without the sentence behind an error's name.
pub fn result(result: &str) -> String {
    match result.split_once(" (") {
        Some((error, _)) if error.starts_with('-') => error.to_string(),
        _ => entries(result),
    }
}

fn entries(text: &str) -> String {
    let text = text.replace(", revents=", ": ").replace(", events=", ": ");
    let text = text.replace("{fd=", "").replace('}', "");
    match text.contains("([") {
        true => text.replace("([", "(").replace("])", ")"),
        false => text,
    }
}

/// How many more letters than bytes are shown, where many bytes are escaped.
const ESCAPES: usize = 4;

/// Arguments of whose quoted data no more than so many bytes are shown, as `strace -s` does it:
/// what is cut ends in `...` behind its quote.
pub fn shortened(args: &str, longest: usize) -> String {
    let args = about_a_file(args);
    let mut text = String::new();
    let mut rest = args.as_str();
    while let Some((before, quoted)) = rest.split_once('"') {
        let (shown, length) = bytes(quoted, longest);
        let after = &quoted[length..];
        text.push_str(&format!("{before}\"{}\"", &quoted[..shown]));
        // The quote is missing where the recording itself ends.
        rest = after.strip_prefix('"').unwrap_or(after);
        if shown < length && !rest.starts_with("...") {
            text.push_str("...");
        }
    }
    text + rest
}

/// Without what `statx` is asked for, which is everything, and without the names of the fields of
/// `openat2`.
fn about_a_file(args: &str) -> String {
    const ASKED: &str = "AT_STATX_SYNC_AS_STAT|AT_EMPTY_PATH, STATX_ALL";
    let args = args.replace(ASKED, "…").replace("{flags=O_", "{O_");
    args.replace(", resolve=RESOLVE_", ", RESOLVE_")
}

/// Of the data up to its quote: how far the first bytes reach, and all.
fn bytes(quoted: &str, first: usize) -> (usize, usize) {
    let (mut at, mut shown) = (0, 0);
    let mut count = 0;
    while let Some(sign) = quoted[at..].chars().next().filter(|it| *it != '"') {
        let rest = &quoted[at + sign.len_utf8()..];
        let octal = rest.bytes().take(3).take_while(|it| matches!(it, b'0'..=b'7'));
        let escaped = match (sign, octal.count()) {
            ('\\', 0) => rest.chars().next().map_or(0, char::len_utf8),
            ('\\', digits) => digits,
            _ => 0,
        };
        at += sign.len_utf8() + escaped;
        count += 1;
        if count <= first && at <= first + ESCAPES {
            shown = at;
        }
    }
    (shown, at)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entries_are_short() {
        let polled = "[{fd=3, events=POLLIN}, {fd=4, events=POLLIN|POLLOUT}], 2, -1";
        assert_eq!(args(polled, 9), "[3: POLLIN, 4: POLLIN|POLLOUT], 2, -1");
        assert_eq!(result("1 ([{fd=4, revents=POLLIN}])"), "1 (4: POLLIN)");
        assert_eq!(result("-1 EAGAIN (Resource temporarily unavailable)"), "-1 EAGAIN");
        assert_eq!(result("16384"), "16384");
    }

    #[test]
    fn long_data_is_cut_between_bytes() {
        let args = r#"4, "GET / HTTP/1.1\r\nHost"..., 65536"#;
        assert_eq!(shortened(args, 5), r#"4, "GET /"..., 65536"#);
        assert_eq!(shortened(args, 15), r#"4, "GET / HTTP/1.1\r"..., 65536"#);
        assert_eq!(shortened(args, 20), args);
        let args = r#"4, "a\"\33b", 4"#;
        assert_eq!(shortened(args, 2), r#"4, "a\""..., 4"#);
        assert_eq!(shortened(args, 3), r#"4, "a\"\33"..., 4"#);
        assert_eq!(shortened(args, 4), args);
        assert_eq!(shortened("3, NULL", 2), "3, NULL");
        assert_eq!(shortened(r#"3, "", 16"#, 2), r#"3, "", 16"#);
    }

    #[test]
    fn of_a_file_only_what_tells_it_apart_is_shown() {
        let args = r#"3, "./a", {flags=O_RDONLY|O_CLOEXEC, resolve=RESOLVE_BENEATH}, 24"#;
        let short = r#"3, "./a", {O_RDONLY|O_CLOEXEC, RESOLVE_BENEATH}, 24"#;
        assert_eq!(shortened(args, 9), short);
        let args =
            r#"6, "", AT_STATX_SYNC_AS_STAT|AT_EMPTY_PATH, STATX_ALL, {stx_size=6}"#;
        assert_eq!(shortened(args, 9), r#"6, "", …, {stx_size=6}"#);
    }

    #[test]
    fn each_piece_of_data_is_cut_by_itself() {
        let args = r#"5, [{iov_base="abcd", iov_len=4}, {iov_base="ef", iov_len=2}], 2"#;
        let cut = r#"5, [{iov_base="abc"..., iov_len=4}, {iov_base="ef", iov_len=2}], 2"#;
        assert_eq!(shortened(args, 3), cut);
    }
}
