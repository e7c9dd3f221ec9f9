//! Text in HTML.

pub fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
}

/// A `<pre>` whose lines are never blank: to Markdown, HTML ends where a blank line is.
pub fn preformatted(lines: &[String]) -> String {
    let line = |line: &String| match line.trim() {
        "" => "<span></span>".to_string(),
        _ => line.clone(),
    };
    let lines: Vec<String> = lines.iter().map(line).collect();
    format!("<pre>{}\n</pre>", lines.join("\n"))
}
