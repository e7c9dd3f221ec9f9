//! A load's figures as lines of text.

use comfy_table::{CellAlignment, Table, presets};

use super::trust::{Doubt, Doubted, doubts};
use super::{Loaded, Round, Series};
use crate::evidence::spread::Spread;

/// So many idle connections take more than memory's grain.
const MANY: usize = 1_000;

/// What one run of a load gave: a table of the servers, some ratios, and what can't be trusted.
pub fn of_run(loaded: &Loaded, run: usize) -> Vec<String> {
    let header = [
        "",
        "µs of CPU",
        "of bare's",
        "requests/s",
        "p50 µs",
        "p99 µs",
        "memory",
        "calls",
    ];
    let measured = || loaded.servers.iter().filter(|series| series.runs.len() > run);
    if measured().next().is_none() {
        return Vec::new();
    }
    let rows = measured().map(|series| row(loaded, series, run));
    let mut lines = columns(&header, rows);
    for other in ["nginx", "lighttpd"] {
        if let Some(ratio) = loaded.ratios("final", other).get(run) {
            lines.push(format!("final/{other} {ratio}"));
        }
    }
    for series in measured() {
        let rounds = &series.runs[run];
        // In its first round a server has not yet had what it can use again.
        if let (0, Some(bytes)) = (run, rounds[0].idle_bytes)
            && loaded.idle >= MANY
        {
            let server = &series.server;
            lines.push(format!("{server} grew by {bytes:.0} bytes for each idle one"));
        }
    }
    lines.extend(doubtful(measured(), run));
    lines
}

/// A sentence for each doubt, with the servers whose rounds have it.
fn doubtful<'a>(
    all: impl Iterator<Item = &'a Series> + Clone,
    run: usize,
) -> Vec<String> {
    let of = |doubt| {
        let having = all.clone().filter_map(move |series| {
            let mut found = doubted(&series.runs[run]).into_iter();
            let found = found.find(|it| it.doubt == doubt)?;
            Some(format!("{} {}", series.server, found.extent()))
        });
        let having: Vec<String> = having.collect();
        let names = having.join(", ");
        (!having.is_empty()).then(|| format!("? {}: {names}", doubt.sentence()))
    };
    Doubt::ALL.into_iter().filter_map(of).collect()
}

fn doubted(rounds: &[Round]) -> Vec<Doubted> {
    let shares: Vec<_> = rounds.iter().map(|round| round.shares).collect();
    doubts(&shares)
}

/// A figure that can't be trusted has a question mark.
fn row(loaded: &Loaded, series: &Series, run: usize) -> Vec<String> {
    let rounds = &series.runs[run];
    let of = |figure: fn(&Round) -> f64| Spread::of(rounds.iter().map(figure));
    let doubted = doubted(rounds);
    let mut counting = doubted.iter().filter(|it| it.counts());
    let of_cpu = counting.clone().any(|it| it.doubt.is_of_cpu());
    let of_speed = counting.next().is_some();
    let marked = |figure: String, is_doubted| match is_doubted {
        true => format!("{figure} ?"),
        false => figure,
    };
    let ratio = match loaded.ratios(&series.server, "bare").get(run) {
        Some(ratio) if series.server != "bare" => ratio.to_string(),
        _ => String::new(),
    };
    let memory = rounds.iter().map(|round| round.memory_bytes).max().unwrap_or(0);
    let calls = series.calls.map(|calls| format!("{calls:.3}"));
    vec![
        series.server.clone(),
        marked(of(|round| round.cpu_us).to_string(), of_cpu),
        marked(ratio, of_cpu && series.server != "bare"),
        marked(grouped(of(|round| round.per_second).median), of_speed),
        marked(grouped(of(|round| round.p50_us).median), of_speed),
        marked(grouped(of(|round| round.p99_us).median), of_speed),
        format!("{:.1} MiB", memory as f64 / f64::from(1 << 20)),
        calls.unwrap_or_default(),
    ]
}

/// A whole number, its digits in threes.
fn grouped(number: f64) -> String {
    crate::evidence::text::grouped(number.round() as u64)
}

/// Rows under a header; all but the first column are figures.
pub fn columns(
    header: &[&str],
    rows: impl IntoIterator<Item = Vec<String>>,
) -> Vec<String> {
    let mut table = Table::new();
    table.load_style(presets::NOTHING).set_header(header).add_rows(rows);
    for column in table.column_iter_mut().skip(1) {
        column.set_cell_alignment(CellAlignment::Right);
    }
    // Each line begins with the room around a cell.
    let lines = table.lines().map(|line| line.trim_end().to_string());
    lines.map(|line| line.get(1..).unwrap_or_default().to_string()).collect()
}

#[cfg(test)]
mod tests {
    use super::super::examples::{report, series};
    use super::*;

    #[test]
    fn figures_stand_under_each_other() {
        let servers = vec![
            series("final", &[11.0, 22.0, 33.0]),
            series("bare", &[10.0, 20.0, 30.0]),
        ];
        let lines = of_run(&report("small", servers).loads[0], 0);
        let expected = [
            "                 µs of CPU         of bare's  requests/s  p50 µs  p99 µs   memory  calls",
            "final  22.00 (16.50–27.50)  1.10 (1.10–1.10)      45,455     640   1,280  5.0 MiB  2.020",
            "bare   20.00 (15.00–25.00)                        50,000     640   1,280  5.0 MiB  2.020",
        ];
        assert_eq!(lines, expected);
    }

    #[test]
    fn a_figure_in_doubt_is_marked() {
        let mut saturated = series("final", &[10.0]);
        saturated.runs[0][0].shares.server = 0.7;
        saturated.runs[0][0].shares.clients = 1.0;
        let mut disturbed = series("bare", &[10.0]);
        disturbed.runs[0][0].shares.server_waited = 0.1;
        let loaded = report("small", vec![saturated, disturbed]).loads.remove(0);
        let lines = of_run(&loaded, 0);
        assert!(lines[1].contains("10.00 (10.00–10.00)  "), "{}", lines[1]);
        assert!(lines[1].contains("100,000 ?"), "{}", lines[1]);
        assert!(lines[2].contains("10.00 (10.00–10.00) ?"), "{}", lines[2]);
        let said = lines.iter().filter(|line| line.starts_with("? ")).count();
        assert_eq!(said, 2, "{lines:#?}");
    }
}
