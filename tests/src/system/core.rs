//! Keeping to one core.

use std::io;

use rustix::thread::{CpuSet, sched_getaffinity, sched_getcpu, sched_setaffinity};

/// Does this on the core that the thread is on now, as does every program that it starts meanwhile.
/// So the processor time that a program takes doesn't depend on whether it is woken by a neighbour.
pub(crate) fn on_one_core<T>(work: impl FnOnce() -> T) -> io::Result<T> {
    let all = sched_getaffinity(None)?;
    stay_on(sched_getcpu())?;
    let done = work();
    sched_setaffinity(None, &all)?;
    Ok(done)
}

/// Keeps this thread on one core.
pub(crate) fn stay_on(core: usize) -> io::Result<()> {
    let mut only = CpuSet::new();
    only.set(core);
    Ok(sched_setaffinity(None, &only)?)
}
