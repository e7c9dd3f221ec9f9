//! System calls where there is little room: what `strace` says, in fewer letters.

/// `{fd=3, events=POLLIN}` is `3: POLLIN`, and data is cut after so many characters.
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

/// Arguments whose quoted data is no longer than that.
pub fn shortened(args: &str, longest: usize) -> String {
    let Some((before, rest)) = args.split_once('"') else { return args.to_string() };
    let Some((data, after)) = rest.rsplit_once('"') else { return args.to_string() };
    if data.chars().count() <= longest {
        return args.to_string();
    }
    let mut cut: String = data.chars().take(longest).collect();
    while cut.ends_with('\\') {
        cut.pop();
    }
    format!("{before}\"{cut}\"…{}", after.trim_start_matches('.'))
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
    fn long_data_is_cut() {
        let args = r#"4, "GET / HTTP/1.1\r\nHost"..., 65536"#;
        assert_eq!(shortened(args, 5), r#"4, "GET /"…, 65536"#);
        assert_eq!(shortened(args, 15), r#"4, "GET / HTTP/1.1"…, 65536"#);
        assert_eq!(shortened(args, 99), args);
        assert_eq!(shortened("3, NULL", 2), "3, NULL");
    }
}
