//! Where in the program a call was made.

use std::ffi::{c_int, c_void};
use std::ops::Range;
use std::sync::OnceLock;

unsafe extern "C" {
    fn _Unwind_Backtrace(
        each: extern "C" fn(*mut c_void, *mut c_void) -> c_int,
        data: *mut c_void,
    ) -> c_int;
    fn _Unwind_GetIP(context: *mut c_void) -> usize;
}

/// Enough from any call up to `main`.
const DEEPEST: usize = 64;

/// The calls that led here, the innermost first, as offsets in the program's file: those of
/// libraries are left out.
pub fn here() -> Vec<u64> {
    let mut found: Vec<usize> = Vec::new();
    // SAFETY: `each` gets the vector back, and nothing else touches it meanwhile.
    unsafe { _Unwind_Backtrace(each, (&raw mut found).cast()) };
    let program = program();
    let own = found.into_iter().filter(|at| program.contains(at));
    // An address of return is behind its call.
    own.map(|at| (at - 1 - program.start) as u64).collect()
}

extern "C" fn each(context: *mut c_void, found: *mut c_void) -> c_int {
    const GO_ON: c_int = 0;
    const END: c_int = 5;
    // SAFETY: the vector of `here`, and a context that is the unwinder's.
    let (found, at) =
        unsafe { (&mut *found.cast::<Vec<usize>>(), _Unwind_GetIP(context)) };
    found.push(at);
    if found.len() < DEEPEST { GO_ON } else { END }
}

/// Where the program's file is in memory.
fn program() -> &'static Range<usize> {
    static PROGRAM: OnceLock<Range<usize>> = OnceLock::new();
    PROGRAM.get_or_init(|| {
        let mut range = 0..0;
        // SAFETY: `first` gets the range back.
        unsafe { libc::dl_iterate_phdr(Some(first), (&raw mut range).cast()) };
        range
    })
}

/// The first object is the program: dl_iterate_phdr(3).
unsafe extern "C" fn first(
    info: *mut libc::dl_phdr_info,
    _: usize,
    range: *mut c_void,
) -> c_int {
    // SAFETY: what dl_iterate_phdr gives, and the range of `program`.
    let (info, range) = unsafe { (&*info, &mut *range.cast::<Range<usize>>()) };
    // SAFETY: so many headers are there.
    let headers = unsafe {
        std::slice::from_raw_parts(info.dlpi_phdr, usize::from(info.dlpi_phnum))
    };
    let loaded = headers.iter().filter(|header| header.p_type == libc::PT_LOAD);
    let ends = loaded.map(|header| (header.p_vaddr + header.p_memsz) as usize);
    let start = info.dlpi_addr as usize;
    *range = start..start + ends.max().unwrap_or(0);
    1
}
