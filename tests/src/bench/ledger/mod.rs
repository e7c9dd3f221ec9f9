//! What doesn't depend on a machine's speed: how many instructions and system calls a request
//! takes.

mod book;
mod callgrind;
mod calls;
mod count;
pub mod instructions;

pub use book::{CASES, Case, Ledger, Row, excess, folder};
pub use calls::calls_under_load;
pub use count::Clerk;
