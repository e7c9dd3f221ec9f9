//! The way of every call: past the kernel that is ordered, or through it.

use recording::Asked;

use crate::mode::{self, Mode};
use crate::raw;
use crate::request::{self, Request};
use crate::thread::Inside;

/// In the manner of libc: the result, or -1 and `errno`.
pub fn answer(mut request: impl Request) -> isize {
    raw::with_errno(unwrapped(&mut request))
}

fn unwrapped(request: &mut dyn Request) -> isize {
    // This library's own calls, as when it writes its log, are made as they are.
    let Some(_inside) = Inside::enter() else { return request.make() };
    let Some(mode) = mode::ordered() else { return request.make() };
    let asked = request.asked();
    let is_hostile = matches!(mode, Mode::Hostile(_));
    let is_other = matches!(asked, Asked::Other { .. });
    if !is_hostile && (is_other || !mode::has_begun(&asked)) {
        return request.make();
    }
    let answer = match mode {
        Mode::Record(recorder) => recorder.answer(request),
        Mode::Replay(replayer) => replayer.answer(request),
        Mode::Hostile(hostile) => hostile.answer(request),
    };
    request::give(request, &answer)
}
