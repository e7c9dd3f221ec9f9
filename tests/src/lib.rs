//! Checks: conversations with a server under test, which is any program in any language
//! that takes `127.0.0.1:PORT` as its last argument.
//!
//! Read [`check`] for what a check is, [`checks`] for all of them, and [`scene`] and
//! [`client`] for what a check can do.

mod captured;
pub mod check;
pub mod checks;
pub mod client;
mod conversation;
pub mod dialect;
pub mod failure;
pub mod flood;
mod group;
pub mod http_client;
mod listening;
pub mod matrix;
pub mod process;
pub mod report;
pub mod run;
pub mod scene;
pub mod server;
pub mod subject;
pub mod tool;
pub mod trace;
pub mod transcript;
