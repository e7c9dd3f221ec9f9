//! A line for each server, from load to load.

use std::io;

use plotters::prelude::*;
use plotters::style::text_anchor::HPos;

use super::canvas::{Area, COLOURS, Chart, chart, failed, label, paper, write};
use super::{Numbers, Plot};
use crate::bench::figures::Report;
use crate::evidence::text::grouped;

/// The servers' names stand in a row above the figures.
const NAMES: i32 = 72;

struct Line<'a> {
    server: &'a str,
    points: Vec<(usize, f64)>,
}

pub fn draw(
    plot: &Plot,
    report: &Report,
    number: fn(&Numbers) -> usize,
    scale: fn(usize) -> f64,
) -> io::Result<String> {
    let lines = lines(report, number);
    let points = || lines.iter().flat_map(|line| &line.points);
    let mut numbers: Vec<usize> = points().map(|(number, _)| *number).collect();
    numbers.sort_unstable();
    numbers.dedup();
    let (Some(first), Some(last)) = (numbers.first(), numbers.last()) else {
        return Err(io::Error::other("no server was measured"));
    };
    let most = points().map(|(_, cpu)| *cpu).fold(0.0, f64::max);
    let (first, last) = (scale(*first), scale(*last));
    let words = lines.iter().map(Line::words).collect::<Vec<_>>().join(" ");
    paper(plot, report, &words, |area| {
        let room = 0.04 * (last - first).max(1.0);
        let mut chart = chart(area, first - room..last + room, most)?;
        for &number in &numbers {
            label(area, &chart, scale(number), &grouped(number as u64))?;
        }
        let mut left = 60;
        for line in &lines {
            let (place, colour) = (line.place(), COLOURS[line.place()]);
            let points = line.points.iter().map(|&(number, cpu)| (scale(number), cpu));
            chart
                .draw_series(LineSeries::new(points.clone(), colour.stroke_width(2)))
                .map_err(failed)?;
            mark_all(&mut chart, points, place, colour)?;
            mark(area, (left, NAMES - 6), place, colour)?;
            write(area, line.server, (left + 12, NAMES), HPos::Left, 0.9)?;
            left += 40 + 9 * line.server.len() as i32;
        }
        Ok(())
    })
}

fn lines(report: &Report, number: fn(&Numbers) -> usize) -> Vec<Line<'_>> {
    let mut lines: Vec<Line> = Vec::new();
    for loaded in &report.loads {
        let at = number(&Numbers { depth: loaded.depth, idle: loaded.idle });
        for series in &loaded.servers {
            let point = (at, series.cpu_us().median);
            match lines.iter_mut().find(|line| line.server == series.server) {
                Some(line) => line.points.push(point),
                None => {
                    lines.push(Line { server: &series.server, points: vec![point] });
                }
            }
        }
    }
    lines
}

impl Line<'_> {
    /// Of its colour and its mark: a server has the same in all plots.
    fn place(&self) -> usize {
        let known = ["final", "nginx", "bare"];
        known.iter().position(|name| *name == self.server).unwrap_or(known.len())
    }

    fn words(&self) -> String {
        let points = self.points.iter();
        let points = points
            .map(|(number, cpu)| format!("{cpu:.1} at {}", grouped(*number as u64)));
        format!("{}: {}.", self.server, points.collect::<Vec<_>>().join(", "))
    }
}

/// How large a mark is.
const SIZE: i32 = 4;

fn mark_all(
    chart: &mut Chart,
    points: impl Iterator<Item = (f64, f64)>,
    place: usize,
    colour: RGBColor,
) -> io::Result<()> {
    let (style, ring) = (colour.filled(), colour.stroke_width(2));
    let drawn = match place {
        0 => chart.draw_series(points.map(|at| Circle::new(at, SIZE, style))).map(drop),
        1 => chart
            .draw_series(points.map(|at| TriangleMarker::new(at, SIZE + 2, style)))
            .map(drop),
        2 => chart.draw_series(points.map(|at| Cross::new(at, SIZE, style))).map(drop),
        _ => chart.draw_series(points.map(|at| Circle::new(at, SIZE, ring))).map(drop),
    };
    drawn.map_err(failed)
}

fn mark(area: &Area, at: (i32, i32), place: usize, colour: RGBColor) -> io::Result<()> {
    let (style, ring) = (colour.filled(), colour.stroke_width(2));
    let drawn = match place {
        0 => area.draw(&Circle::new(at, SIZE, style)),
        1 => area.draw(&TriangleMarker::new(at, SIZE + 2, style)),
        2 => area.draw(&Cross::new(at, SIZE, style)),
        _ => area.draw(&Circle::new(at, SIZE, ring)),
    };
    drawn.map_err(failed)
}
