//! What `bench --record` has kept: plots, and the ledger.

use std::path::Path;

use anyhow::{Context, Result, bail};
use checks::bench::{CASES, Case, Ledger, PLOTS, Plot, Report, Row};
use maud::{Markup, html};

use crate::picture::figure;

/// The folder beside book.toml.
const MEASURED: &str = "measured";

/// The plot of this name, drawn from its measurement. `root` is the folder of book.toml.
pub fn plot(root: &Path, name: &str) -> Result<Markup> {
    let Some(plot) = Plot::named(name) else {
        let names: Vec<&str> = PLOTS.iter().map(|plot| plot.name).collect();
        bail!("there is no plot `{name}`; there are {}", names.join(", "));
    };
    let file = root.join(MEASURED).join(name).with_extension("json");
    let report = Report::read(&file).with_context(|| record(name))?;
    figure(name, &plot.draw(&report)?)
}

/// The ledger as a table. `root` is the folder of book.toml.
pub fn ledger(root: &Path) -> Result<Markup> {
    let ledger = Ledger::read(&root.join(MEASURED)).with_context(|| record("ledger"))?;
    Ok(html! {
        figure.ledger {
            div.table-wrapper {
                table {
                    thead {
                        tr {
                            td {}
                            th scope="colgroup" colspan=(CASES.len()) { "instructions" }
                            th scope="colgroup" colspan=(with_calls().count()) {
                                "system calls"
                            }
                        }
                        tr {
                            th scope="col" { "step" }
                            @for case in CASES { th scope="col" { (case.name) } }
                            @for case in with_calls() { th scope="col" { (case.name) } }
                        }
                    }
                    tbody { @for row in &ledger.rows { (line(row)) } }
                }
            }
            figcaption { "Counted: " (ledger.machine) ", " (ledger.compiler) "." }
        }
    })
}

fn with_calls() -> impl Iterator<Item = &'static Case> {
    CASES.iter().filter(|case| case.has_calls)
}

fn line(row: &Row) -> Markup {
    html! {
        tr {
            th scope="row" { (row.server.trim_start_matches("step")) }
            @for case in CASES {
                td { (shown(row.instructions.get(case.key).map(|it| format!("{it:.0}")))) }
            }
            @for case in with_calls() {
                td { (shown(row.calls.get(case.key).map(|it| format!("{it:.2}")))) }
            }
        }
    }
}

fn shown(count: Option<String>) -> Markup {
    html! {
        @match count {
            Some(count) => (count),
            None => { span aria-hidden="true" { "–" } span.said { "it can't" } }
        }
    }
}

fn record(name: &str) -> String {
    format!(
        "what is missing is made by: cargo run --release --bin bench -- --record {name}"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_missing_is_named_with_the_command_for_it() {
        let folder = tempfile::tempdir().unwrap();
        let sentence = |made: Result<Markup>| format!("{:#}", made.unwrap_err());
        assert!(
            sentence(plot(folder.path(), "stairs")).contains("there are steps, idle")
        );
        let missing = sentence(plot(folder.path(), "depth"));
        assert!(missing.contains("--record depth"), "{missing}");
        assert!(missing.contains("measured/depth.json"), "{missing}");
        assert!(sentence(ledger(folder.path())).contains("--record ledger"));
    }

    #[test]
    fn a_step_that_cannot_do_something_has_no_count_of_it() {
        let counts = [("new".to_string(), 2700.7)];
        let row =
            Row { server: "step5".into(), instructions: counts.into(), ..Row::default() };
        let line = line(&row).into_string();
        assert!(
            line.contains("<th scope=\"row\">5</th>") && line.contains("<td>2701</td>")
        );
        assert_eq!(
            line.matches("it can't").count(),
            CASES.len() - 1 + with_calls().count()
        );
    }
}
