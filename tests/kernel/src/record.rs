//! Makes every call and writes it down.

use std::fs::File;
use std::io::Write;
use std::path::Path;
use std::sync::{Mutex, MutexGuard, PoisonError};

use recording::{Answer, Asked, Call, Witnessed};

use crate::descriptors;
use crate::mode::{self, Mode};
use crate::request::{self, Request};
use crate::{stack, thread};

pub struct Recorder {
    log: Mutex<File>,
    shown: u16,
    port: u16,
}

impl Recorder {
    pub fn new(log: &Path, shown: u16, port: u16) -> Recorder {
        let log = File::create(log).expect("the log can be written");
        // SAFETY: `at_exit` is a function without arguments.
        unsafe { libc::atexit(at_exit) };
        Recorder { log: Mutex::new(descriptors::out_of_the_way(log)), shown, port }
    }

    /// A call that a thread may sleep in is written down when it is made, and again when it has
    /// returned. Others are made under the log's lock: so what one thread's call does stands
    /// before the call in which another learns of it.
    pub fn answer(&self, request: &mut dyn Request) -> Answer {
        let (asked, stack) = (request.asked(), stack::here());
        let call = Call { thread: thread::name(), asked, answer: None, at: Vec::new() };
        let mut witnessed = Witnessed { call, stack };
        let mut log = self.lock();
        if witnessed.call.asked.may_wait() {
            write(&mut log, &witnessed);
        }
        if waits_for_others(&witnessed.call.asked) {
            drop(log);
            let answer = request::made(request);
            log = self.lock();
            witnessed.call.answer = Some(answer);
        } else {
            witnessed.call.answer = Some(request::made(request));
        }
        write(&mut log, &witnessed);
        witnessed.call.answer.expect("it was given")
    }

    /// Which port is bound in place of this one.
    pub fn real_port(&self, port: u16) -> u16 {
        if port == self.shown { self.port } else { port }
    }

    /// Which port the program is told in place of this one.
    pub fn shown_port(&self, port: u16) -> u16 {
        if port == self.port { self.shown } else { port }
    }

    fn lock(&self) -> MutexGuard<'_, File> {
        self.log.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Whether what ends the wait may be another thread's call. Writes are made under the lock all
/// the same: what one does is what another waits for.
fn waits_for_others(asked: &Asked) -> bool {
    let writes = matches!(
        asked,
        Asked::Write { .. }
            | Asked::WriteV { .. }
            | Asked::SendTo { .. }
            | Asked::SendFile { .. }
    );
    asked.may_wait() && !writes
}

/// An empty line says that the program ended by itself.
extern "C" fn at_exit() {
    let _inside = thread::Inside::enter();
    if let Some(Mode::Record(recorder)) = mode::ordered() {
        recorder.lock().write_all(b"\n").expect("the log takes a line");
    }
}

fn write(log: &mut File, witnessed: &Witnessed) {
    let mut line = serde_json::to_vec(witnessed).expect("a call can be written down");
    line.push(b'\n');
    log.write_all(&line).expect("the log takes a line");
}
