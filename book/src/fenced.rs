//! Rust that a chapter writes itself, such as an exercise's answer, in the listings' colours.

use crate::listing::coloured;

const OPEN: &str = "```rust";
const CLOSE: &str = "```";

/// The text with HTML for its fenced Rust. A fence within a list stays mdBook's.
pub fn fenced(text: &str) -> String {
    let mut filled = String::with_capacity(text.len());
    let mut code: Option<String> = None;
    for line in text.split_inclusive('\n') {
        match &mut code {
            None if line.trim_end() == OPEN => code = Some(String::new()),
            None => filled.push_str(line),
            Some(code) if line.trim_end() != CLOSE => code.push_str(line),
            Some(inside) => {
                let html = coloured(inside);
                filled.push_str("<pre><code class=\"language-rust\">");
                filled.push_str(html.trim_end());
                filled.push_str("</code></pre>\n");
                code = None;
            }
        }
    }
    // Without its end it is mdBook's to judge.
    if let Some(code) = code {
        filled.push_str(OPEN);
        filled.push('\n');
        filled.push_str(&code);
    }
    filled
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_rust_is_coloured() {
        let text = "One\n\n```rust\nlet a = \"<\";\n\nb();\n```\n\n```text\nlet\n```\n";
        let expected = "One\n\n<pre><code class=\"language-rust\"><span class=\"k\">let</span> a = \
             <span class=\"s\">&quot;&lt;&quot;</span>;\n\n<span class=\"f\">b</span>();</code>\
             </pre>\n\n```text\nlet\n```\n";
        assert_eq!(fenced(text), expected);
    }

    #[test]
    fn a_fence_without_an_end_stays() {
        assert_eq!(fenced("a\n```rust\nb\n"), "a\n```rust\nb\n");
    }
}
