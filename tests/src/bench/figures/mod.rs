//! What was measured: kept as JSON, judged, and shown as tables.

mod bar;
mod machine;
mod report;
mod spread;
mod table;
mod trust;

pub use bar::verdicts;
pub use machine::Machine;
#[cfg(test)]
pub use report::examples;
pub use report::{Loaded, Report, Round, Series, Setting, Skipped, Start, rounded};
pub use spread::Spread;
pub use table::{columns, of_run};
pub use trust::{Shares, doubts};
