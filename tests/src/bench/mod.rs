//! `final` beside nginx and beside a bare epoll loop: the same loads in turn, the server on one
//! core and its clients on the others, and what a request costs each in processor time. And, by
//! callgrind, how many instructions of that are ours.

mod build;
mod callgrind;
mod clients;
mod contestant;
mod cores;
mod idle;
pub mod instructions;
mod loads;
mod median;
mod response;

pub use clients::{Answered, Clients};
pub use contestant::{Bench, Contestant, Kind};
pub use cores::Cores;
pub use idle::{Idle, fit};
pub use loads::{LOADS, Load, Measured, Run};
pub use median::{Median, of};
pub use response::Response;

use std::io;

/// The sentence for a program that can't be run.
fn cannot_run(program: &str, error: &io::Error) -> io::Error {
    io::Error::other(match error.kind() {
        io::ErrorKind::NotFound => format!("{program} isn't installed"),
        _ => format!("{program}: {error}"),
    })
}
