//! Drawings as part of the page, so that they take the theme's colours.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result, ensure};

/// The drawing `name`.svg of the folder `pictures` beside the chapters.
pub fn picture(folder: &Path, name: &str) -> Result<String> {
    let file = folder.join(format!("{name}.svg"));
    let svg = fs::read_to_string(&file)
        .with_context(|| format!("cannot read the picture {}", file.display()))?;
    let start = svg.find("<svg").context("the picture has no <svg>")?;
    let has_words = svg.contains("<title") && svg.contains("role=\"img\"");
    ensure!(
        has_words,
        "{name}.svg needs role=\"img\" and a <title> that says what it shows"
    );
    let lines = svg[start..].lines().filter(|line| !line.trim().is_empty());
    let drawing: String = lines.flat_map(|line| [line, "\n"]).collect();
    Ok(format!("<figure class=\"picture\">\n{drawing}</figure>\n"))
}
