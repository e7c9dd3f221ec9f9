//! Programs under the hostile kernel: from a seed clients are drawn and what the kernel does to
//! the program; then every byte is accounted for.

mod acts;
mod answers;
mod bodies;
pub mod command;
mod files;
mod judge;
mod keeping;
mod plain;
mod plan;
mod requests;
mod spared;
mod trial;
mod words;

pub use files::Served;
pub use judge::{Complaint, judge};
pub use plan::{Plan, Talk};
pub use spared::SPARED;
pub use trial::{Ending, FOR_EVER, How, Trial, Verdict};
