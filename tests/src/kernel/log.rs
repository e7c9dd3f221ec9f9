//! What the preloaded kernel wrote down so far.

use std::fs;
use std::io;
use std::path::Path;

use recording::{Call, Thread, Witnessed};

use super::Lines;

/// The calls of a program that is being recorded.
#[derive(Default)]
pub struct Log {
    /// In the order in which they returned.
    pub returned: Vec<Witnessed>,
    /// Those that haven't returned: at most one for each thread.
    pub waits: Vec<Witnessed>,
    /// The program ended by itself.
    ended: bool,
}

impl Log {
    /// A line that is only half written isn't there yet.
    pub fn read(file: &Path) -> io::Result<Log> {
        let text = fs::read(file)?;
        let mut log = Log::default();
        for line in text.split_inclusive(|&byte| byte == b'\n') {
            if line == b"\n" {
                log.ended = true;
            } else if line.ends_with(b"\n") {
                log.enter(serde_json::from_slice(line)?);
            }
        }
        Ok(log)
    }

    /// A program that was ended between two calls is as one that was ended in the last call in
    /// which it could have slept.
    pub fn settled(mut self) -> Log {
        let is_main = |witnessed: &Witnessed| witnessed.call.thread.is_main();
        if self.ended || self.waits.iter().any(is_main) {
            return self;
        }
        while let Some(mut last) = self.returned.pop() {
            if is_main(&last) && last.call.asked.may_wait() {
                last.call.answer = None;
                self.waits.push(last);
                break;
            }
        }
        self
    }

    fn enter(&mut self, witnessed: Witnessed) {
        let thread: &Thread = &witnessed.call.thread;
        self.waits.retain(|wait| wait.call.thread != *thread);
        match witnessed.call.answer.is_some() {
            true => self.returned.push(witnessed),
            false => self.waits.push(witnessed),
        }
    }
}

impl Lines {
    /// The call, with the lines that led to it.
    pub fn call(&self, witnessed: &Witnessed) -> Call {
        Call { at: self.at(&witnessed.stack), ..witnessed.call.clone() }
    }
}
