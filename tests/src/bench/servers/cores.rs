//! Which core the server has, and which its clients.

use std::io;

use rustix::thread::{CpuSet, sched_getaffinity};

/// The cores that this process may use.
#[derive(Clone, Debug)]
pub struct Cores {
    pub server: usize,
    /// At least one, and never the server's.
    pub clients: Vec<usize>,
}

impl Cores {
    pub fn of_this_process() -> io::Result<Cores> {
        let allowed = sched_getaffinity(None)?;
        let mut cores = (0..CpuSet::MAX_CPU).filter(|&core| allowed.is_set(core));
        match (cores.next(), cores.collect::<Vec<_>>()) {
            (Some(server), clients) if !clients.is_empty() => {
                Ok(Cores { server, clients })
            }
            _ => Err(io::Error::other(
                "two cores are needed, one for the server and one for its clients",
            )),
        }
    }
}
