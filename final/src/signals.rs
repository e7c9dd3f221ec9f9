//! The signals of an operator: SIGHUP opens the log's file anew, SIGTERM and SIGINT end the server once
//! it has finished what has begun, and the second of them ends it at once. A thread waits for them, so
//! that no handler interrupts anybody.

use std::io;
use std::process;
use std::sync::Arc;
use std::thread;
use std::time::Duration;

use nix::sys::signal::{SigSet, Signal};

use crate::app::Writer;
use crate::sys;
use crate::workers::Drain;

/// How long the end may wait for the log: whoever should read it may not.
pub const LOG_PATIENCE: Duration = Duration::from_secs(1);

/// From here on a SIGHUP ends nothing.
pub fn hold_hangups() -> io::Result<()> {
    SigSet::from(Signal::SIGHUP).thread_block().map_err(io::Error::from)
}

/// Signals that wait until somebody takes them.
pub struct Signals(SigSet);

impl Signals {
    /// Keeps them from this thread, and from all that it starts: pthread_sigmask(3). One that whoever
    /// started the process has had ignored is ignored, as for a server in a shell's background. For
    /// process 1 of a container the signals mean the same as for any other (pid_namespaces(7)).
    pub fn hold() -> io::Result<Signals> {
        let ends = [Signal::SIGTERM, Signal::SIGINT].into_iter();
        let ends = ends.filter(|&signal| !sys::is_ignored(signal as i32));
        let signals: SigSet = ends.chain([Signal::SIGHUP]).collect();
        signals.thread_block()?;
        Ok(Signals(signals))
    }

    /// Starts the thread that takes them. The server has so much `grace` to finish what has begun.
    pub fn serve(
        self,
        writer: Option<Writer>,
        drain: Arc<Drain>,
        grace: Duration,
    ) -> io::Result<()> {
        let serve = move || self.take(writer, &drain, grace);
        thread::Builder::new().name("signals".into()).spawn(serve)?;
        Ok(())
    }

    fn take(&self, writer: Option<Writer>, drain: &Drain, grace: Duration) {
        let mut is_ending = false;
        while let Ok(signal) = self.0.wait() {
            match signal {
                Signal::SIGHUP => writer.iter().for_each(Writer::reopen),
                _ if is_ending => {
                    writer.iter().for_each(|writer| writer.finish(LOG_PATIENCE));
                    // As a shell says it of a process that a signal has ended.
                    process::exit(128 + signal as i32);
                }
                _ => {
                    is_ending = true;
                    drain.begin(grace);
                    let writer = writer.clone();
                    let end = move || end_after(grace + LOG_PATIENCE, writer);
                    let _ = thread::Builder::new().name("grace".into()).spawn(end);
                }
            }
        }
    }
}

/// Ends the process even if a worker can't: the disk that it reads may not answer.
fn end_after(limit: Duration, writer: Option<Writer>) {
    thread::sleep(limit);
    writer.iter().for_each(|writer| writer.finish(LOG_PATIENCE));
    process::exit(0);
}
