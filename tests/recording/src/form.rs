//! How much of a call is shown, and how its data and its entries look then.

use crate::answer::Entry;
use crate::flags;

/// How much data of a call is shown, as by `strace -s 96`.
pub(crate) const SHOWN: usize = 96;

/// For whom a call is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// As strace does it, with `...` for what the kernel will fill in.
    Trace,
    /// On a page: no more than so many bytes of data, and of a file only what tells it apart.
    /// Where a call hasn't returned, it ends before what the kernel will fill in.
    Page(usize),
    /// The same where there is little room: `{fd=3, events=POLLIN}` is `3: POLLIN`, and no
    /// sentence stands behind an error's name.
    Narrow(usize),
}

pub(crate) fn entries(events: &str, all: &[Entry], form: Form) -> String {
    let is_narrow = matches!(form, Form::Narrow(_));
    let all = all.iter().map(|entry| match (entry.fd, flags::poll(entry.events)) {
        (fd, flags) if is_narrow => format!("{fd}: {flags}"),
        (fd, flags) => format!("{{fd={fd}, {events}={flags}}}"),
    });
    let all = all.collect::<Vec<_>>().join(", ");
    match is_narrow && events == "revents" {
        true => all,
        false => format!("[{all}]"),
    }
}

/// With strace's escapes, and `...` where it is cut.
pub(crate) fn quoted(bytes: &[u8], form: Form) -> String {
    /// How many more letters than bytes a page shows, where many bytes are escaped.
    const ESCAPES: usize = 4;
    let (most, letters) = match form {
        Form::Trace => (SHOWN, usize::MAX),
        Form::Page(most) | Form::Narrow(most) => (most, most + ESCAPES),
    };
    let mut text = String::new();
    let mut shown = 0;
    for (at, &byte) in bytes.iter().take(SHOWN.min(most)).enumerate() {
        let following = bytes[..bytes.len().min(SHOWN)].get(at + 1);
        let escaped = match byte {
            b'\n' => "\\n".to_string(),
            b'\r' => "\\r".to_string(),
            b'\t' => "\\t".to_string(),
            0x0b => "\\v".to_string(),
            0x0c => "\\f".to_string(),
            b'"' | b'\\' => format!("\\{}", char::from(byte)),
            b' '..=b'~' => char::from(byte).to_string(),
            // Three digits where another would be taken for a fourth.
            _ if following.is_some_and(u8::is_ascii_digit) => format!("\\{byte:03o}"),
            _ => format!("\\{byte:o}"),
        };
        if text.len() + escaped.len() > letters {
            break;
        }
        text.push_str(&escaped);
        shown = at + 1;
    }
    let end = if shown < bytes.len() { "..." } else { "" };
    format!("\"{text}\"{end}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::call::Call;

    /// What stands in the parentheses of a call.
    fn args(json: &str, form: Form) -> String {
        serde_json::from_str::<Call>(json).expect("it is a call").args(form)
    }

    #[test]
    fn a_page_cuts_data_between_bytes() {
        let write = |data: &str, most| {
            let json = format!(r#"{{"call":"write","fd":4,"data":"{data}"}}"#);
            args(&json, Form::Page(most))
        };
        let get = r"GET / HTTP/1.1\r\nHost";
        assert_eq!(write(get, 5), r#"4, "GET /"..., 20"#);
        assert_eq!(write(get, 15), r#"4, "GET / HTTP/1.1\r"..., 20"#);
        assert_eq!(write(get, 20), r#"4, "GET / HTTP/1.1\r\nHost", 20"#);
        let escaped = r#"a\"\u001bb"#;
        assert_eq!(write(escaped, 2), r#"4, "a\""..., 4"#);
        assert_eq!(write(escaped, 3), r#"4, "a\"\33"..., 4"#);
        assert_eq!(write(escaped, 4), r#"4, "a\"\33b", 4"#);
        // No more letters than that for five bytes.
        assert_eq!(write(r"\u0001\u0001\u0001\u0001\u0001", 5), r#"4, "\1\1\1\1"..., 5"#);
        assert_eq!(write("", 2), r#"4, "", 0"#);
    }

    #[test]
    fn a_page_shows_of_a_file_what_tells_it_apart() {
        let json =
            r#"{"call":"openat2","folder":3,"path":"./a","flags":524288,"resolve":8}"#;
        let short = r#"3, "./a", {O_RDONLY|O_CLOEXEC, RESOLVE_BENEATH}, 24"#;
        assert_eq!(args(json, Form::Page(9)), short);
        let json = r#"{"call":"statx","fd":6,"path":"","flags":0,"mask":0}"#;
        assert_eq!(args(json, Form::Page(9)), r#"6, "", …, ..."#);
    }

    #[test]
    fn entries_are_short_where_there_is_little_room() {
        let json = r#"{"call":"poll","entries":[{"fd":3,"events":1},{"fd":4,"events":5}],
            "timeout":-1,"answer":{"result":1,"ready":[{"fd":4,"events":1}]}}"#;
        let call: Call = serde_json::from_str(json).expect("it is a call");
        let form = Form::Narrow(9);
        assert_eq!(call.args(form), "[3: POLLIN, 4: POLLIN|POLLOUT], 2, -1");
        assert_eq!(call.shown_result(form).as_deref(), Some("1 (4: POLLIN)"));
        let json = r#"{"call":"read","fd":4,"room":9,"answer":{"error":"EAGAIN"}}"#;
        let call: Call = serde_json::from_str(json).expect("it is a call");
        assert_eq!(call.shown_result(form).as_deref(), Some("-1 EAGAIN"));
    }
}
