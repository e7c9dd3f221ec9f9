//! How many descriptors a process may have open.

use std::io;

use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

/// Raises the limit of this process as far as it goes, and so that of a server that is started later.
pub(crate) fn raise_limit() {
    let limit = getrlimit(Resource::Nofile);
    let _ = setrlimit(Resource::Nofile, Rlimit { current: limit.maximum, ..limit });
}

/// Raises the limit, and says whether so many connections fit: some that ask and have one address, and
/// others that are idle.
pub fn fit(asking: usize, idle: usize) -> io::Result<()> {
    /// What a server has open besides.
    const OTHERS: usize = 100;
    raise_limit();
    // One address may have half of all places.
    let needed = (2 * asking + idle + OTHERS) as u64;
    match getrlimit(Resource::Nofile).current {
        Some(most) if most < needed => Err(io::Error::other(format!(
            "{needed} descriptors are needed, and the limit is {most} (ulimit -Hn)"
        ))),
        _ => Ok(()),
    }
}
