//! A bar for each server, as high as its median, and a line from quartile to quartile.

use std::io;

use plotters::prelude::*;
use plotters::style::text_anchor::HPos;

use super::Plot;
use super::canvas::{COLOURS, INK, chart, failed, label, paper, write};
use crate::bench::figures::Report;
use crate::evidence::spread::Spread;

/// How much of its place a bar takes.
const WIDE: f64 = 0.7;

pub fn draw(plot: &Plot, report: &Report) -> io::Result<String> {
    let servers = report.loads.first().map(|loaded| &loaded.servers[..]);
    let bars: Vec<(&str, Spread)> = servers
        .unwrap_or_default()
        .iter()
        .map(|series| (series.server.as_str(), series.cpu_us()))
        .collect();
    if bars.is_empty() {
        return Err(io::Error::other("no server was measured"));
    }
    let words =
        bars.iter().map(|(server, Spread { lower_quartile, median, upper_quartile })| {
            format!("{server}: {median:.1} ({lower_quartile:.1}–{upper_quartile:.1}).")
        });
    let words = words.collect::<Vec<_>>().join(" ");
    let most = bars.iter().map(|(_, cpu)| cpu.upper_quartile).fold(0.0, f64::max);
    paper(plot, report, &words, |area| {
        let across = -0.5..bars.len() as f64 - 0.5;
        let mut chart = chart(area, across, most)?;
        for (place, (server, cpu)) in bars.iter().enumerate() {
            let middle = place as f64;
            let (left, right) = (middle - WIDE / 2.0, middle + WIDE / 2.0);
            // Ours are of one colour, and what they are compared with is of another.
            let ours =
                server.strip_prefix("step").or((*server == "final").then_some(server));
            let colour = COLOURS[usize::from(ours.is_none())].mix(0.55).filled();
            let bar = Rectangle::new([(left, 0.0), (right, cpu.median)], colour);
            let quartiles = [(middle, cpu.lower_quartile), (middle, cpu.upper_quartile)];
            chart.draw_series([bar]).map_err(failed)?;
            chart
                .draw_series([PathElement::new(quartiles, INK.stroke_width(2))])
                .map_err(failed)?;
            label(area, &chart, middle, ours.unwrap_or(server))?;
            let top = (middle, cpu.upper_quartile);
            let (x, y) = chart.plotting_area().map_coordinate(&top);
            write(area, &format!("{:.1}", cpu.median), (x, y - 3), HPos::Center, 0.9)?;
        }
        Ok(())
    })
}
