//! The servers that are measured, and where they run.

mod build;
mod contestant;
mod cores;
mod kind;
mod starting;
mod tracer;

pub use build::rounds;
pub use contestant::{Bench, Contestant, PATIENCE, Started};
pub use cores::Cores;
pub use kind::Kind;
pub use tracer::Tracer;
