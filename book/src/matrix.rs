//! The table of checks against steps, from the snapshot that the tests keep true.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result, bail, ensure};
use maud::{Markup, PreEscaped, html};

/// The snapshot as an HTML table. `file` is its path.
pub fn table(file: &Path) -> Result<Markup> {
    let snapshot = fs::read_to_string(file)
        .with_context(|| format!("cannot read the matrix {}", file.display()))?;
    let (_, table) =
        snapshot.split_once("\n---\n").context("the matrix has no header")?;
    let mut rows = table.lines().filter(|line| !line.trim().is_empty());
    let steps: Vec<&str> =
        rows.next().context("the matrix is empty")?.split_whitespace().collect();
    let rows =
        rows.map(|line| row(line, steps.len())).collect::<Result<Vec<Markup>>>()?;
    Ok(html! {
        div.table-wrapper {
            table.matrix {
                thead {
                    tr {
                        th scope="col" { "check" }
                        @for step in &steps { th scope="col" { (step) } }
                    }
                }
                tbody { @for row in rows { (row) } }
            }
        }
    })
}

fn row(line: &str, steps: usize) -> Result<Markup> {
    let mut words = line.split_whitespace();
    let name = words.next().context("a row of the matrix has no name")?;
    let marks = words.map(|mark| {
        Ok(match mark {
            "✓" => (mark, "holds", "passes"),
            "+" => (mark, "beyond", "passes, though not yet claimed"),
            "·" => (mark, "fails", "fails"),
            "?" => (mark, "skipped", "skipped"),
            _ => bail!("the matrix's row {name} has the mark {mark}"),
        })
    });
    let marks = marks.collect::<Result<Vec<_>>>()?;
    let count = marks.len();
    ensure!(count == steps, "the matrix's row {name} has {count} marks");
    Ok(html! {
        tr {
            // So that a narrow page can break it.
            th scope="row" { code { (PreEscaped(name.replace('_', "_<wbr>"))) } }
            @for (mark, class, said) in marks {
                td class=(class) title=(said) {
                    span aria-hidden="true" { (mark) }
                    span.said { (said) }
                }
            }
        }
    })
}
