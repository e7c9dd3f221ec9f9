//! The book's plots, drawn from what was measured.

mod bars;
mod canvas;
mod lines;

use std::io;

use super::figures::Report;
use super::loads::Load;
use super::servers::Kind;

pub struct Plot {
    /// Of its file, and of the file of its measurement.
    pub name: &'static str,
    title: &'static str,
    /// What stands below the horizontal axis.
    below: &'static str,
    shape: Shape,
    /// What is measured for it, in the words of the command line.
    pub loads: &'static str,
    servers: &'static [&'static str],
}

enum Shape {
    /// A bar for each server.
    Bars,
    /// A line for each server, over a number that each load has.
    Lines { number: fn(&Numbers) -> usize, scale: fn(usize) -> f64 },
}

/// The numbers of a load.
struct Numbers {
    depth: usize,
    idle: usize,
}

pub const PLOTS: &[Plot] = &[
    Plot {
        name: "steps",
        title: "Processor time of a small GET, in microseconds",
        below: "Steps 6 to 10 answer with a page of their own, the others with a file of 13 bytes.",
        shape: Shape::Bars,
        loads: "small",
        servers: &["steps", "final", "nginx", "bare"],
    },
    Plot {
        name: "idle",
        title: "Processor time of a small GET, in microseconds",
        below: "idle connections beside the 64 that ask",
        shape: Shape::Lines { number: |load| load.idle, scale: decades },
        loads: "idles",
        servers: &["final", "final-poll", "bare"],
    },
    Plot {
        name: "depth",
        title: "Processor time of a small GET, in microseconds",
        below: "requests in one write",
        shape: Shape::Lines { number: |load| load.depth, scale: octaves },
        loads: "depths",
        servers: &["final", "nginx", "bare"],
    },
];

impl Plot {
    pub fn named(name: &str) -> Option<&'static Plot> {
        PLOTS.iter().find(|plot| plot.name == name)
    }

    pub fn loads(&self) -> Vec<Load> {
        Load::named(self.loads).expect("a plot's loads are known")
    }

    /// Steps that end each connection after one response have no place in any of them.
    pub fn servers(&self) -> Vec<Kind> {
        let load = &self.loads()[0];
        let of = |&word: &&str| match word {
            "steps" => Kind::steps().filter(|kind| kind.lacks(load).is_none()).collect(),
            name => vec![name.parse().expect("a plot's servers are known")],
        };
        self.servers.iter().flat_map(of).collect()
    }

    /// As SVG, which takes its colour and its font from the page around it.
    pub fn draw(&self, report: &Report) -> io::Result<String> {
        match self.shape {
            Shape::Bars => bars::draw(self, report),
            Shape::Lines { number, scale } => lines::draw(self, report, number, scale),
        }
    }
}

/// Nothing is as far from ten as ten is from a hundred.
fn decades(number: usize) -> f64 {
    (number as f64).max(1.0).log10()
}

fn octaves(number: usize) -> f64 {
    (number as f64).log2()
}

#[cfg(test)]
mod tests {
    use super::super::figures::examples::{report, series};
    use super::*;

    fn lines() -> Report {
        let mut whole = report("idle-0", vec![]);
        let template = whole.loads.remove(0);
        for (load, cpu) in [(0, 9.0), (100, 10.0), (10_000, 40.0)] {
            let mut loaded = template.clone();
            loaded.idle = load;
            loaded.servers = vec![series("final", &[cpu]), series("bare", &[8.5])];
            whole.loads.push(loaded);
        }
        whole
    }

    #[test]
    fn every_plot_knows_what_is_measured_for_it() {
        for plot in PLOTS {
            assert!(
                !plot.loads().is_empty() && plot.servers().len() > 2,
                "{}",
                plot.name
            );
        }
        let steps = Plot::named("steps").unwrap().servers();
        assert_eq!(steps[0].to_string(), "step6");
        assert!(Plot::named("stairs").is_none());
    }

    #[test]
    fn a_plot_says_in_words_what_it_shows_and_where_it_was_measured() {
        let bars =
            report("small", vec![series("step6", &[7.0, 9.0]), series("final", &[6.5])]);
        let bars = Plot::named("steps").unwrap().draw(&bars).unwrap();
        assert!(bars.contains("step6: 8.0 (7.5–8.5). final: 6.5 (6.5–6.5)."), "{bars}");
        assert!(bars.contains("2026-11-30, 2 cores of Xeon, Linux 6.18.44"), "{bars}");
        let lines = Plot::named("idle").unwrap().draw(&lines()).unwrap();
        assert!(
            lines.contains("final: 9.0 at 0, 10.0 at 100, 40.0 at 10,000."),
            "{lines}"
        );
        assert!(
            lines.contains(">10,000</text>") || lines.contains("10,000\n"),
            "{lines}"
        );
    }

    #[test]
    fn a_plot_takes_its_colours_and_its_font_from_the_page() {
        let svg = Plot::named("idle").unwrap().draw(&lines()).unwrap();
        for raw in ["#000000", "#000\"", "sans-serif", "#FFFFFF", "\n\n"] {
            assert!(!svg.contains(raw), "{raw}: {svg}");
        }
        assert!(svg.contains("currentColor") && svg.contains("role=\"img\""));
    }

    #[test]
    fn other_figures_make_another_plot() {
        for plot in PLOTS {
            let mut report = lines();
            let drawn = plot.draw(&report).unwrap();
            assert_eq!(drawn, plot.draw(&report).unwrap());
            report.loads[0].servers[0].runs[0][0].cpu_us += 1.0;
            assert_ne!(drawn, plot.draw(&report).unwrap(), "{}", plot.name);
        }
    }

    #[test]
    fn nothing_measured_is_no_plot() {
        for plot in PLOTS {
            assert!(plot.draw(&report("small", vec![])).is_err());
        }
    }
}
