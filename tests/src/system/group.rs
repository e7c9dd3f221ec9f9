//! A process group that is known, so that it is stopped when this process is told to stop.

use std::collections::BTreeSet;
use std::process::Child;
use std::sync::{Mutex, MutexGuard, Once, PoisonError};

use rustix::process::{Pid, Signal, kill_process_group};

pub struct Group(Pid);

static RUNNING: Mutex<BTreeSet<i32>> = Mutex::new(BTreeSet::new());
static STOP_WITH_US: Once = Once::new();

impl Group {
    pub fn of(leader: &Child) -> Group {
        STOP_WITH_US.call_once(|| {
            let _ = ctrlc::set_handler(|| {
                for group in running().iter().copied().filter_map(Pid::from_raw) {
                    let _ = kill_process_group(group, Signal::KILL);
                }
                std::process::exit(130);
            });
        });
        running().insert(leader.id() as i32);
        Group(Pid::from_child(leader))
    }

    pub fn signal(&self, signal: Signal) {
        let _ = kill_process_group(self.0, signal);
    }

    pub fn stop(&self) {
        self.signal(Signal::KILL);
        running().remove(&self.0.as_raw_nonzero().get());
    }
}

fn running() -> MutexGuard<'static, BTreeSet<i32>> {
    RUNNING.lock().unwrap_or_else(PoisonError::into_inner)
}
