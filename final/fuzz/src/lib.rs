//! What must hold for any input: one property a module, for the fuzzer and for `cargo test`.

pub mod chunked;
pub mod connection;
mod conversation;
pub mod ranges;
pub mod requests;
pub mod smuggling;
pub mod targets;
