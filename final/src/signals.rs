//! The signals of an operator: SIGHUP opens the log's file anew, and SIGTERM and SIGINT end the
//! process once the log is written. A thread waits for them, so that no handler interrupts anybody.

use std::io;
use std::thread;
use std::time::Duration;

use nix::sys::signal::{SigSet, Signal, raise};

use crate::app::{Sink, Writer};

/// How long the end may wait for the log: whoever should read it may not.
const PATIENCE: Duration = Duration::from_secs(1);

/// From here on a SIGHUP ends nothing.
pub fn hold_hangups() -> io::Result<()> {
    hold(&[Signal::SIGHUP]).map(|_| ())
}

/// Starts the writer of the log, and what tells it of signals. From here on SIGTERM and SIGINT end the
/// process a little later.
pub fn start_log(sink: Sink) -> io::Result<Writer> {
    let signals = hold(&[Signal::SIGHUP, Signal::SIGTERM, Signal::SIGINT])?;
    let writer = Writer::start(sink)?;
    let own = writer.clone();
    thread::Builder::new().name("signals".into()).spawn(move || serve(signals, &own))?;
    Ok(writer)
}

/// Keeps these signals from this thread, and from all that it starts: pthread_sigmask(3).
fn hold(signals: &[Signal]) -> io::Result<SigSet> {
    let signals: SigSet = signals.iter().copied().collect();
    signals.thread_block()?;
    Ok(signals)
}

fn serve(signals: SigSet, writer: &Writer) {
    while let Ok(signal) = signals.wait() {
        if signal == Signal::SIGHUP {
            writer.reopen();
            continue;
        }
        writer.finish(PATIENCE);
        // It ends the process now, unless whoever started it said that it should be ignored.
        let _ = SigSet::from(signal).thread_unblock();
        let _ = raise(signal);
        let _ = SigSet::from(signal).thread_block();
    }
}
