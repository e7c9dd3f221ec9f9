//! The bar: whether `final` is as near the bare loop as it should be.

use super::{Report, Series};
use crate::bench::loads::{Load, START};
use crate::evidence::spread::Spread;

/// A sentence for each bar that this report has figures for.
///
/// A run meets a bar if the lower quartile of its rounds does.
pub fn verdicts(report: &Report) -> Vec<String> {
    let mut all = Vec::new();
    for loaded in &report.loads {
        let Ok(load) = loaded.load.parse::<Load>() else { continue };
        let ratios = loaded.ratios("final", "bare");
        if let Some(most) = load.bar.cpu
            && !ratios.is_empty()
        {
            let shown: Vec<String> = ratios.iter().map(Spread::to_string).collect();
            let met = ratios.iter().filter(|ratio| ratio.lower_quartile <= most).count();
            let mut both = ["final", "bare"].iter().filter_map(|it| loaded.series(it));
            let busy = match both.any(Series::is_doubtful) {
                true => ", but the machine was busy: measure again",
                false => "",
            };
            all.push(format!(
                "{}: {} of bare's processor time, at most {most:.2}: {}{busy}",
                loaded.name,
                shown.join(", "),
                outcome(met, ratios.len()),
            ));
        }
        let calls = loaded.series("final").and_then(|series| series.calls);
        if let (Some(most), Some(calls)) = (load.bar.calls, calls) {
            all.push(format!(
                "{}: {calls:.3} system calls a request, at most {most}: {}",
                loaded.name,
                outcome(usize::from(calls <= most), 1),
            ));
        }
    }
    if let Some(start) = report.starts.iter().find(|start| start.server == "final") {
        let ms = Spread::of(start.ms.iter().copied());
        all.push(format!(
            "from the start to the first answer: {ms} ms, at most {START}: {}",
            outcome(usize::from(ms.lower_quartile <= START), 1),
        ));
    }
    all
}

fn outcome(met: usize, runs: usize) -> String {
    match met {
        0 => "not met".into(),
        _ if met == runs => "met".into(),
        _ => format!("met in {met} of {runs} runs"),
    }
}

#[cfg(test)]
mod tests {
    use super::super::examples::{report, series};
    use super::*;

    fn verdict(ours: &[f64]) -> String {
        let servers = vec![series("final", ours), series("bare", &[10.0; 3])];
        verdicts(&report("small", servers)).remove(0)
    }

    #[test]
    fn a_bar_is_met_where_the_lower_quartile_is_at_or_below() {
        assert_eq!(
            verdict(&[11.0, 11.0, 14.0]),
            "a small file: 1.10 (1.10–1.25) of bare's processor time, at most 1.10: met"
        );
        // The lower quartile decides, and not the median.
        assert!(verdict(&[10.0, 11.5, 12.0]).ends_with(": met"));
        assert!(verdict(&[11.0, 11.5, 12.0]).ends_with(": not met"));
    }

    #[test]
    fn a_verdict_on_a_busy_machine_says_so() {
        let mut servers = vec![series("final", &[11.0]), series("bare", &[10.0])];
        servers[1].runs[0][0].shares.server_waited = 0.2;
        let verdict = verdicts(&report("small", servers)).remove(0);
        assert!(verdict.ends_with(": met, but the machine was busy: measure again"));
    }

    #[test]
    fn each_run_has_its_verdict() {
        let mut servers = vec![series("final", &[11.0]), series("bare", &[10.0])];
        let (worse, bare) = (series("final", &[12.0]), series("bare", &[10.0]));
        servers[0].runs.extend(worse.runs);
        servers[1].runs.extend(bare.runs);
        let all = verdicts(&report("small", servers));
        assert!(all[0].contains("1.10 (1.10–1.10), 1.20 (1.20–1.20)"), "{}", all[0]);
        assert!(all[0].ends_with(": met in 1 of 2 runs"), "{}", all[0]);
    }

    #[test]
    fn calls_and_the_start_have_bars_too() {
        let all = verdicts(&report("small", vec![series("final", &[1.0])]));
        assert_eq!(
            all,
            [
                "a small file: 2.020 system calls a request, at most 2.1: met",
                "from the start to the first answer: 4.50 (4.25–5.25) ms, at most 5: met",
            ]
        );
        let depth = report("depth-2", vec![series("final", &[1.0])]);
        assert_eq!(verdicts(&depth).len(), 1, "no bar is set for it");
    }
}
