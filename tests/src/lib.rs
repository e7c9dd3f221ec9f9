//! Checks: conversations with a server under test, which is any program in any language
//! that takes `127.0.0.1:PORT` as its last argument.
//!
//! A check is a sentence, the first step for which it holds, and a conversation:
//!
//! ```
//! use checks::check::Check;
//! use checks::evidence::failure::Attempt;
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
//! [`evidence::failure::Failure`]. Where the sentence is about the loop and not about what is said,
//! [`client::Client::ask`] asks whatever the step understands, and so the check holds on.
//! All checks are listed in [`checks`]; [`run::matrix`] runs them against all of our programs.
//!
//! A folder imports only those that stand below it here:
//!
//! | folder | what is in it |
//! |---|---|
//! | [`report`] | failures in words, what is pinned of them, and the count |
//! | [`run`] | checks run against one program, and the matrix |
//! | [`checks`], [`hostile`] | the checks; programs under the hostile kernel |
//! | [`mutants`], [`mod@bench`], [`kernel`] | the other programs' parts, and the preloaded kernel |
//! | [`scene`] | what a check gets: a server, clients, a folder, readings |
//! | [`subject`] | our own programs, built |
//! | [`client`], [`server`] | the two ends of a conversation |
//! | [`evidence`] | the transcript, the script and the failure that a check leaves behind |
//! | [`system`] | processes, sockets, ports, tools |

pub mod arguments;
pub mod bench;
pub mod check;
pub mod checks;
pub mod client;
pub mod evidence;
pub mod hostile;
pub mod kernel;
pub mod mutants;
pub mod report;
pub mod run;
pub mod scene;
pub mod server;
pub mod step;
pub mod subject;
pub mod system;
