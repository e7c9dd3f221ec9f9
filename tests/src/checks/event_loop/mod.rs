//! What the event loop owes its clients, whatever is said.

pub mod broken_pipes;
pub mod connections;
pub mod crowds;
pub mod interruptions;
pub mod slow_readers;
