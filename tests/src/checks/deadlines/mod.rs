//! Clients that stall, and refusals that reach one that is still sending: step 14, and from there
//! on.

pub mod bodies;
pub mod heads;
pub mod idle;
pub mod lingering;
pub mod readers;
mod waiting;
