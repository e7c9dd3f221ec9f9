//! What was measured: kept as JSON, judged, and shown as tables.

mod bar;
#[cfg(test)]
pub mod examples;
mod machine;
mod report;
mod series;
mod table;
mod trust;

pub use bar::verdicts;
pub use machine::Machine;
pub use report::{Loaded, Report, Setting, Skipped, Start};
pub use series::{Round, Series, rounded};
pub use table::{columns, of_run};
pub use trust::{Shares, doubts};
