//! What all plots have: the paper, the words around the figures, and SVG that fits a page.

use std::io;

use plotters::chart::{ChartBuilder, ChartContext, LabelAreaPosition};
use plotters::coord::Shift;
use plotters::coord::types::RangedCoordf64;
use plotters::prelude::*;
use plotters::style::text_anchor::{HPos, Pos, VPos};

use super::Plot;
use crate::bench::figures::Report;

pub type Area<'a> = DrawingArea<SVGBackend<'a>, Shift>;
pub type Chart<'a, 'b> =
    ChartContext<'a, SVGBackend<'b>, Cartesian2d<RangedCoordf64, RangedCoordf64>>;

/// It becomes the page's own.
pub const INK: RGBColor = RGBColor(0, 0, 0);
/// Those of the drawn pictures, and a third.
pub const COLOURS: [RGBColor; 4] =
    [RGBColor(47, 126, 188), RGBColor(194, 96, 26), INK, RGBColor(79, 138, 53)];

const WIDTH: u32 = 720;
const HEIGHT: u32 = 420;
/// How large words are. Of this measure of plotters' an SVG's pixels are 1.24.
const WORDS: f64 = 1.24 * 15.0;
/// The share of the ink that faint things have.
const FAINT: f64 = 0.15;

/// The SVG of a plot whose figures, in words, are these.
pub fn paper(
    plot: &Plot,
    report: &Report,
    figures: &str,
    draw: impl FnOnce(&Area) -> io::Result<()>,
) -> io::Result<String> {
    let mut svg = String::new();
    {
        let area = SVGBackend::with_string(&mut svg, (WIDTH, HEIGHT)).into_drawing_area();
        write(&area, plot.title, (10, 24), HPos::Left, 1.1)?;
        write(&area, &report.machine.to_string(), (10, 46), HPos::Left, 0.9)?;
        let middle = (WIDTH / 2) as i32;
        write(&area, plot.below, (middle, HEIGHT as i32 - 8), HPos::Center, 0.9)?;
        draw(&area)?;
        area.present().map_err(failed)?;
    }
    themed(&svg, plot, report, figures)
}

/// Words whose base is near this place.
pub fn write(
    area: &Area,
    words: &str,
    at: (i32, i32),
    side: HPos,
    size: f64,
) -> io::Result<()> {
    let font = ("sans-serif", WORDS * size).into_font().color(&INK);
    let style = font.pos(Pos::new(side, VPos::Bottom));
    area.draw(&Text::new(words.to_string(), at, style)).map_err(failed)
}

/// Axes for these numbers, and faint lines for the vertical one, which begins at nothing.
pub fn chart<'a, 'b>(
    area: &'a Area<'b>,
    across: std::ops::Range<f64>,
    most: f64,
) -> io::Result<Chart<'a, 'b>> {
    let mut chart = ChartBuilder::on(area)
        .margin_top(84)
        .margin_right(16)
        .margin_bottom(58)
        .set_label_area_size(LabelAreaPosition::Left, 50)
        .build_cartesian_2d(across, 0.0..most * 1.12)
        .map_err(failed)?;
    chart
        .configure_mesh()
        .disable_x_mesh()
        .disable_x_axis()
        .light_line_style(TRANSPARENT)
        .bold_line_style(INK.mix(FAINT))
        .axis_style(INK.mix(0.5))
        .y_labels(6)
        .y_label_formatter(&|number| number.to_string())
        .label_style(("sans-serif", WORDS * 0.9).into_font().color(&INK))
        .draw()
        .map_err(failed)?;
    Ok(chart)
}

/// A word below a place on the horizontal axis.
pub fn label(area: &Area, chart: &Chart, at: f64, word: &str) -> io::Result<()> {
    let (x, y) = chart.plotting_area().map_coordinate(&(at, 0.0));
    write(area, word, (x, y + 22), HPos::Center, 0.9)
}

pub fn failed(error: impl std::error::Error) -> io::Error {
    io::Error::other(error.to_string())
}

/// The colours and the font are the page's, and those who can't see it have words.
fn themed(svg: &str, plot: &Plot, report: &Report, figures: &str) -> io::Result<String> {
    let (name, title) = (plot.name, plot.title);
    let start = svg.find('>').ok_or_else(|| io::Error::other("no SVG was drawn"))? + 1;
    let drawn = svg[start..]
        .replace("#000000", "currentColor")
        .replace("font-family=\"sans-serif\"", "font-family=\"inherit\"");
    let drawn: Vec<&str> = drawn.lines().filter(|line| !line.trim().is_empty()).collect();
    let (below, machine) = (plot.below, report.machine.to_string());
    Ok(format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH} {HEIGHT}\" role=\"img\" \
         aria-labelledby=\"plot-{name}-title plot-{name}-desc\">\n\
         <title id=\"plot-{name}-title\">{title}</title>\n\
         <desc id=\"plot-{name}-desc\">{below} {figures} Measured: {machine}.</desc>\n\
         {}\n",
        drawn.join("\n"),
    ))
}
