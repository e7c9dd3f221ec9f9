//! Checks: conversations with a server under test, which is any program in any language
//! that takes `127.0.0.1:PORT` as its last argument.
//!
//! A check is a sentence, the first step for which it holds, and a conversation:
//!
//! ```
//! use checks::check::{Attempt, Check};
//! use checks::scene::Scene;
//!
//! const CHECK: Check = Check::new(
//!     4,
//!     "a_line_may_be_empty",
//!     "An empty line is a line.",
//!     a_line_may_be_empty,
//! )
//! .until(4);
//!
//! fn a_line_may_be_empty(scene: &mut Scene) -> Attempt {
//!     let mut a = scene.connect()?;
//!     a.send("\n")?;
//!     a.expect(" (1 here, 1 in all)\n")
//! }
//! ```
//!
//! Every verb writes to the transcript, and the first that fails ends the check with a
//! [`failure::Failure`]. Where the sentence is about the loop and not about what is said,
//! [`client::Client::ask`] asks whatever the step understands, and so the check holds on.
//! All checks are listed in [`checks`]; [`matrix`] runs them against all of our programs.

pub mod arguments;
pub mod bench;
mod by_hand;
pub mod captured;
pub mod check;
pub mod checks;
pub mod client;
mod conversation;
pub mod dialect;
pub mod failure;
pub mod finished;
pub mod flood;
pub mod group;
mod guess;
pub mod hostile;
pub mod http_client;
pub mod kernel;
mod listeners;
pub mod long_responses;
pub mod matrix;
mod meaning;
pub mod multipart;
pub mod mutants;
pub mod patience;
pub mod pinned;
pub mod pipeline;
pub mod port;
pub mod process;
pub mod report;
pub mod run;
pub mod scene;
pub mod script;
mod sending;
pub mod server;
pub mod site;
pub mod sockets;
pub mod subject;
pub mod tally;
pub mod tool;
pub mod trace;
pub mod transcript;
pub mod visitor;
mod writing;
