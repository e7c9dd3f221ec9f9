//! Mutants of `final`: its source with one small mechanical change, as cargo-mutants makes them.
//! Each ought to be noticed, by the crate's tests or by `check final`.

mod equal;
mod judge;
mod list;
mod supervised;
mod workshop;

pub use equal::Equal;
pub use judge::{Judge, Verdict};
pub use list::{Mutant, draw, list, version};
pub use workshop::Workshop;
