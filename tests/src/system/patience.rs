//! How long a server may take, on a machine that may have much else to do.

use std::thread;
use std::time::{Duration, Instant};

use crate::system::process::ProcessTree;

/// For anybody's program, if nothing is said.
pub const USUAL: Duration = Duration::from_secs(5);
/// Enough for a slow machine with much else to do.
pub const PATIENT: Duration = Duration::from_secs(20);
/// For a check that is expected to fail, often by waiting in vain. It is short because a
/// [`Wait`] goes on for as long as the server is at work.
pub const IMPATIENT: Duration = Duration::from_millis(500);

/// A wait for a server. It is over when patience has run out and the server sleeps: what it
/// hasn't done by then it won't do. A server that is at work, or that other programs keep from
/// its work, gets several times as long.
pub struct Wait {
    server: ProcessTree,
    start: Instant,
    patience: Duration,
    /// When it was last looked at, patience had run out and it slept.
    slept: bool,
}

impl Wait {
    /// The time between two looks when patience has run out.
    pub const GLANCE: Duration = Duration::from_millis(20);

    pub fn new(server: ProcessTree, patience: Duration) -> Wait {
        Wait { server, start: Instant::now(), patience, slept: false }
    }

    /// Asked whenever what is waited for isn't there. So a server that is found asleep is
    /// given one more look: what is waited for may have come just before it fell asleep.
    pub fn is_over(&mut self) -> bool {
        const LEAST: Duration = Duration::from_secs(3);
        let passed = self.start.elapsed();
        if passed <= self.patience {
            return false;
        }
        let slept = self.server.sleeps();
        passed > LEAST.max(4 * self.patience)
            || std::mem::replace(&mut self.slept, slept) && slept
    }
}

/// The time between two looks at what is waited for. It grows.
pub(crate) struct Pause(Duration);

impl Pause {
    const FIRST: Duration = Duration::from_micros(100);
    const LONGEST: Duration = Duration::from_millis(10);

    pub fn new() -> Pause {
        Pause(Pause::FIRST)
    }

    pub fn sleep(&mut self) {
        thread::sleep(self.0);
        self.0 = (2 * self.0).min(Pause::LONGEST);
    }
}

#[cfg(test)]
mod tests {
    use std::process::{Child, Command, Stdio};

    use super::*;

    fn is_over_at(
        looks: usize,
        child: &mut Child,
        begun: fn(&ProcessTree) -> bool,
    ) -> bool {
        let process = ProcessTree::of(child.id());
        while !begun(&process) {
            std::thread::sleep(Duration::from_millis(1));
        }
        let mut wait = Wait::new(process, Duration::ZERO);
        let over: Vec<bool> = (0..looks).map(|_| wait.is_over()).collect();
        child.kill().unwrap();
        child.wait().unwrap();
        assert!(!over[0], "it is given another look");
        over[looks - 1]
    }

    #[test]
    fn a_program_that_sleeps_is_given_one_more_look() {
        let mut reader = Command::new("cat").stdin(Stdio::piped()).spawn().unwrap();
        assert!(is_over_at(2, &mut reader, ProcessTree::sleeps));
    }

    #[test]
    fn a_program_at_work_is_given_more_time() {
        let mut busy = Command::new("sh");
        let mut busy = busy.args(["-c", "while :; do :; done"]).spawn().unwrap();
        let works = |process: &ProcessTree| process.readings().cpu.as_millis() > 10;
        assert!(!is_over_at(3, &mut busy, works));
    }
}
