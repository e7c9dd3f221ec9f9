//! The table of checks against steps, from the snapshot that the tests keep true.

use std::fmt::Write;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result, ensure};

/// The snapshot as an HTML table. `file` is its path.
pub fn table(file: &Path) -> Result<String> {
    let snapshot = fs::read_to_string(file)
        .with_context(|| format!("cannot read the matrix {}", file.display()))?;
    let (_, table) =
        snapshot.split_once("\n---\n").context("the matrix has no header")?;
    let mut rows = table.lines().filter(|line| !line.trim().is_empty());
    let steps: Vec<&str> =
        rows.next().context("the matrix is empty")?.split_whitespace().collect();

    let mut to = String::from("<div class=\"table-wrapper\"><table class=\"matrix\">\n");
    to.push_str("<thead><tr><th scope=\"col\">check</th>");
    for step in &steps {
        let _ = write!(to, "<th scope=\"col\">{step}</th>");
    }
    to.push_str("</tr></thead>\n<tbody>\n");
    for row in rows {
        let mut words = row.split_whitespace();
        let name = words.next().context("a row of the matrix has no name")?;
        let marks: Vec<&str> = words.collect();
        ensure!(
            marks.len() == steps.len(),
            "the matrix's row {name} has {} marks",
            marks.len()
        );
        // So that a narrow page can break it.
        let parts = name.replace('_', "_<wbr>");
        let _ = write!(to, "<tr><th scope=\"row\"><code>{parts}</code></th>");
        for mark in marks {
            let (class, said) = match mark {
                "✓" => ("holds", "passes"),
                "+" => ("beyond", "passes, though not yet claimed"),
                "·" => ("fails", "fails"),
                "?" => ("skipped", "skipped"),
                _ => anyhow::bail!("the matrix's row {name} has the mark {mark}"),
            };
            let _ = write!(
                to,
                "<td class=\"{class}\" title=\"{said}\"><span aria-hidden=\"true\">{mark}</span>\
                 <span class=\"said\">{said}</span></td>"
            );
        }
        to.push_str("</tr>\n");
    }
    to.push_str("</tbody></table></div>\n");
    Ok(to)
}
