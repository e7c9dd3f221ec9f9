//! A call on its way: what it asks, how it is really made, and what of the caller's memory its
//! answer fills.

use recording::{Answer, Asked, Errno, Payload};
use syscalls::Sysno;

use crate::raw;

pub trait Request {
    fn asked(&self) -> Asked;

    /// Makes the call, into the caller's memory: its result, or the error's number below zero.
    fn make(&mut self) -> isize;

    /// What a call that gave this result left in the caller's memory.
    fn payload(&self, result: isize) -> Payload {
        let _ = result;
        Payload::default()
    }

    /// Puts into the caller's memory what came with the result.
    fn fill(&mut self, result: isize, payload: &Payload) {
        let _ = (result, payload);
    }
}

/// The answer of a call that was really made.
pub fn made(request: &mut dyn Request) -> Answer {
    let result = request.make();
    match (-4095..0).contains(&result) {
        true => Answer::Failed { error: Errno(-result as i32) },
        false => {
            let payload = request.payload(result);
            Answer::Done { result: result as i64, payload }
        }
    }
}

/// Passes an answer on to the caller: the result, or the error's number below zero.
pub fn give(request: &mut dyn Request, answer: &Answer) -> isize {
    match answer {
        Answer::Failed { error } => -(error.0 as isize),
        Answer::Done { result, payload } => {
            request.fill(*result as isize, payload);
            *result as isize
        }
    }
}

/// A call that fills none of the caller's memory.
pub struct Plain<F> {
    pub asked: F,
    pub number: Sysno,
    pub args: [usize; 6],
}

impl<F: Fn() -> Asked> Request for Plain<F> {
    fn asked(&self) -> Asked {
        (self.asked)()
    }

    fn make(&mut self) -> isize {
        // SAFETY: the arguments are those of the caller, who vouches for them.
        unsafe { raw::call(self.number, self.args) }
    }
}
