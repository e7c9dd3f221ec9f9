//! Drawings as part of the page, so that they take the theme's colours.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result, ensure};
use maud::{Markup, PreEscaped, html};

/// The drawing `name`.svg of the folder `pictures` beside the chapters.
pub fn picture(folder: &Path, name: &str) -> Result<Markup> {
    let file = folder.join(format!("{name}.svg"));
    let svg = fs::read_to_string(&file)
        .with_context(|| format!("cannot read the picture {}", file.display()))?;
    figure(name, &svg)
}

/// A drawing as a part of the page.
pub fn figure(name: &str, svg: &str) -> Result<Markup> {
    let start = svg.find("<svg").context("the picture has no <svg>")?;
    let has_words = svg.contains("<title") && svg.contains("role=\"img\"");
    ensure!(
        has_words,
        "{name}.svg needs role=\"img\" and a <title> that says what it shows"
    );
    let width = width(&svg[start..]).with_context(|| {
        format!("{name}.svg has no viewBox=\"LEFT TOP WIDTH HEIGHT\"")
    })?;
    let lines = svg[start..].lines().filter(|line| !line.trim().is_empty());
    let drawing: String = lines.flat_map(|line| [line, "\n"]).collect();
    // As wide as it was drawn its words can be read: the style sheet goes by that.
    Ok(html! {
        figure.picture style={ "--drawn: " (width) "px" } {
            "\n" (PreEscaped(drawing))
        }
    })
}

/// How wide a drawing is in its own measure.
fn width(svg: &str) -> Option<u32> {
    let (_, rest) = svg.split_once("viewBox=\"")?;
    rest.split_whitespace().nth(2)?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_drawing_says_how_wide_it_is() {
        assert_eq!(width("<svg viewBox=\"-12 0 624 316\"><path/></svg>"), Some(624));
        assert_eq!(width("<svg width=\"9\"><path/></svg>"), None);
    }
}
