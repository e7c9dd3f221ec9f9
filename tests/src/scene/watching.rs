//! What the server takes and does, as the system shows it.

use std::fs;
use std::thread;
use std::time::{Duration, Instant};

use super::Scene;
use crate::evidence::failure::{Attempt, Failure};
use crate::evidence::text::{amount, grouped};
use crate::system::patience::{Pause, Wait};
use crate::system::process::Readings;
use crate::system::trace::{self, Call};

impl Scene<'_> {
    /// Processor time, threads, memory and descriptors of the server.
    pub fn readings(&mut self) -> Attempt<Readings> {
        Ok(self.start()?.process().readings())
    }

    /// The first readings that are as wished, or the last when patience ends.
    pub fn await_reading(
        &mut self,
        wish: impl Fn(&Readings) -> bool,
    ) -> Attempt<Readings> {
        let mut wait = Wait::new(self.start()?.process(), self.patience);
        loop {
            let readings = self.readings()?;
            if wish(&readings) || wait.is_over() {
                return Ok(readings);
            }
            thread::sleep(Duration::from_millis(10));
        }
    }

    /// Waits until the server has nothing to do: its processor time is counted up to its last
    /// sleep. Says whether it sleeps: one that never does isn't waited for.
    pub fn until_asleep(&mut self) -> Attempt<bool> {
        const LEAST: Duration = Duration::from_secs(3);
        let long = self.patience.max(LEAST);
        let (start, mut pause) = (Instant::now(), Pause::new());
        let process = self.start()?.process();
        while !process.sleeps() {
            if start.elapsed() > long {
                return Ok(false);
            }
            pause.sleep();
        }
        Ok(true)
    }

    /// The server's system calls so far. Only after one of the traced starts.
    pub fn calls(&self) -> Vec<Call> {
        let folder = self.log.as_ref().expect("the server runs traced");
        let log = fs::read(folder.path().join("log")).unwrap_or_default();
        trace::parse(&String::from_utf8_lossy(&log))
    }

    /// The system calls the server makes while nobody does anything for so long.
    pub fn calls_during(&self, time: Duration) -> Vec<Call> {
        let before = self.calls().len();
        thread::sleep(time);
        self.calls().split_off(before)
    }

    pub fn expect_no_more_descriptors(&mut self, before: usize) -> Attempt {
        const FEW: usize = 5;
        let most = before + FEW;
        let readings = self.await_reading(|readings| readings.descriptors <= most)?;
        if readings.descriptors > most {
            let [before, after] =
                [before, readings.descriptors].map(|count| grouped(count as u64));
            let before = format!("about {before}, as before");
            return Err(Failure::fact("the server's descriptors", before, after));
        }
        self.note("the server has no more descriptors open than before");
        Ok(())
    }

    pub fn expect_no_more_threads(&mut self, before: u64) -> Attempt {
        let after = self.readings()?.threads;
        if after > before {
            let [before, after] = [before, after].map(grouped);
            let before = format!("{before}, as before");
            return Err(Failure::fact("the server's threads", before, after));
        }
        self.note("the server has no more threads than before");
        Ok(())
    }

    /// Nobody does anything, and neither does the server, once it has finished what it is at.
    pub fn expect_rest(&mut self) -> Attempt {
        /// So often in a second it is looked at: one that doesn't get to run for all that
        /// it wants to takes no processor time either, and is seldom found asleep.
        const LOOKS: u32 = 10;
        const SECOND: Duration = Duration::from_secs(1);
        const LITTLE: Duration = Duration::from_millis(20);
        const FEW: u64 = 50;
        let (mut cpu, mut wakeups) = (Duration::MAX, u64::MAX);
        self.until_asleep()?;
        for _ in 0..3 {
            let before = self.readings()?;
            let process = self.start()?.process();
            let mut asleep = 0;
            for _ in 0..LOOKS {
                thread::sleep(SECOND / LOOKS);
                asleep += u32::from(process.sleeps());
            }
            let after = self.readings()?;
            cpu = after.cpu.saturating_sub(before.cpu);
            wakeups = after.wakeups.saturating_sub(before.wakeups);
            if asleep > LOOKS / 2 && cpu <= LITTLE && wakeups <= FEW {
                self.note("for a second nothing happens, and the server rests");
                return Ok(());
            }
        }
        let what = "what the server does in a second in which nothing happens";
        let most = format!("at most {LITTLE:?} of processor time and {FEW} wake-ups");
        let much = format!("{cpu:.0?} and {}", grouped(wakeups));
        Err(Failure::fact(what, most, much))
    }

    pub fn expect_little(&self, growth: u64) -> Attempt {
        const LITTLE: u64 = 4 << 20;
        if growth > LITTLE {
            let most = format!("at most {}", amount(LITTLE as usize));
            let what = "growth of the server's memory";
            return Err(Failure::fact(what, most, amount(growth as usize)));
        }
        self.note("the server's memory grew by less than four mebibytes");
        Ok(())
    }

    /// A program that makes no such call passes, and the transcript says why.
    pub fn note_whether_one_failed(&self, call: &str) {
        match self.one_failed() {
            true => self.note(format!("at least one {call} failed")),
            false => self.note(format!("no {call} failed: the server makes none")),
        }
    }

    /// Whether a call was made to fail.
    pub fn one_failed(&self) -> bool {
        let mut calls = self.calls().into_iter();
        calls.any(|call| call.result.ends_with("(INJECTED)"))
    }
}
