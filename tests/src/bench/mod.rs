//! `final` and the steps beside nginx, lighttpd and a bare epoll loop: the same loads in turn, the
//! server on one core and its clients on the others, and what a request costs each in processor
//! time. And what hardly depends on the machine: instructions and system calls.

mod figures;
mod generator;
mod kept;
mod ledger;
mod loads;
mod measure;
mod plot;
mod servers;
mod session;

pub use figures::{Loaded, Machine, Report, Series, Setting, Skipped, Start};
pub use figures::{columns, of_run, verdicts};
pub use generator::{Answer, Answered, Clients, Idle, Response};
pub use ledger::instructions;
pub use ledger::{CASES, Case, Clerk, Ledger, Row, calls_under_load, excess, folder};
pub use loads::{KEYS, Load};
pub use measure::{Run, measure};
pub use plot::{PLOTS, Plot};
pub use servers::{Bench, Contestant, Cores, Kind, Started};
pub use session::Session;

use std::io;

/// The sentence for a program that can't be run.
fn cannot_run(program: &str, error: &io::Error) -> io::Error {
    io::Error::other(match error.kind() {
        io::ErrorKind::NotFound => format!("{program} isn't installed"),
        _ => format!("{program}: {error}"),
    })
}
