//! Answers every call as a recording says, and ends the program as soon as it asks for
//! something else.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use recording::{
    Answer, Asked, Call, Outcome, Played, Recording, Report, Thread, Witnessed,
};
use syscalls::Sysno;

use crate::request::Request;
use crate::{descriptors, mode, raw, stack, thread};

pub struct Replayer {
    calls: Vec<Call>,
    /// How many of them returned; the others stand behind them.
    returned: usize,
    report: PathBuf,
    state: Mutex<State>,
    turned: Condvar,
}

struct State {
    /// Each thread's calls that it hasn't asked for yet, the next one last.
    left: BTreeMap<Thread, Vec<usize>>,
    /// The call that returns next.
    turn: usize,
    /// How many threads sleep in a call that never returned.
    asleep: usize,
    played: Vec<Played>,
}

/// For another thread's call that has to come first, on a machine with much else to do.
const PATIENCE: Duration = Duration::from_secs(60);

impl Replayer {
    pub fn new(recording: &Path, report: PathBuf) -> Replayer {
        let text = fs::read(recording).expect("the recording can be read");
        let recording: Recording =
            serde_json::from_slice(&text).expect("it is a recording");
        let calls: Vec<Call> = recording.calls().cloned().collect();
        let returned = calls.len() - recording.waits.len();
        let mut left: BTreeMap<Thread, Vec<usize>> = BTreeMap::new();
        for (place, call) in calls.iter().enumerate().rev() {
            left.entry(call.thread.clone()).or_default().push(place);
        }
        // SAFETY: `at_exit` is a function without arguments.
        unsafe { libc::atexit(at_exit) };
        let state = State { left, turn: 0, asleep: 0, played: Vec::new() };
        let (state, turned) = (Mutex::new(state), Condvar::new());
        Replayer { calls, returned, report, state, turned }
    }

    pub fn answer(&self, request: &mut dyn Request) -> Answer {
        let (asked, stack, name) = (request.asked(), stack::here(), thread::name());
        let mut state = self.lock();
        let place = state.left.get_mut(&name).and_then(Vec::pop);
        let expected = place.map(|place| &self.calls[place]);
        let (Some(place), Some(expected)) =
            (place, expected.filter(|it| it.asked == asked))
        else {
            let call = Call { thread: name, asked, answer: None, at: Vec::new() };
            let asks = Box::new(Witnessed { call, stack });
            self.end(state, Outcome::Parted { place, asks });
        };
        let played = Played { place, stack };
        let Some(answer) = &expected.answer else {
            state.played.push(played);
            state.asleep += 1;
            self.sleep(state);
        };
        while state.turn != place {
            let wait = self.turned.wait_timeout(state, PATIENCE);
            let (woken, timeout) = wait.unwrap_or_else(PoisonError::into_inner);
            state = woken;
            if timeout.timed_out() && state.turn != place {
                let place = state.turn;
                self.end(state, Outcome::Stuck { place });
            }
        }
        state.played.push(played);
        state.turn += 1;
        self.turned.notify_all();
        if let Asked::Close { .. } = expected.asked {
            request.make();
        }
        if let (true, Answer::Done { result, .. }) = (asked.makes_descriptor(), answer) {
            descriptors::open(*result);
        }
        answer.clone()
    }

    /// For good, and for all as soon as every thread has come to this.
    fn sleep(&self, mut state: MutexGuard<'_, State>) -> ! {
        loop {
            let all = self.returned + state.asleep == self.calls.len();
            if all && state.turn == self.returned {
                self.end(state, Outcome::Whole);
            }
            state = self.turned.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
    }

    fn end(&self, mut state: MutexGuard<'_, State>, outcome: Outcome) -> ! {
        self.tell(&mut state, outcome);
        loop {
            // SAFETY: exit_group(2) takes a number.
            unsafe { raw::call(Sysno::exit_group, [0; 6]) };
        }
    }

    fn tell(&self, state: &mut State, outcome: Outcome) {
        let report = Report { outcome, played: std::mem::take(&mut state.played) };
        let text = serde_json::to_vec(&report).expect("a report can be written down");
        fs::write(&self.report, text).expect("the report can be written");
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The program ends by itself.
extern "C" fn at_exit() {
    let _inside = thread::Inside::enter();
    if let Some(mode::Mode::Replay(replayer)) = mode::ordered() {
        let mut state = replayer.lock();
        let missing = (state.turn < replayer.calls.len()).then_some(state.turn);
        let outcome =
            missing.map_or(Outcome::Whole, |place| Outcome::EndedEarly { place });
        replayer.tell(&mut state, outcome);
    }
}
