//! Names of threads that are the same in every run, and whether a thread is in this library.

use std::cell::Cell;
use std::ffi::{c_int, c_void};
use std::io::{self, ErrorKind};
use std::mem;
use std::ptr;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicUsize, Ordering};

use recording::Thread;

type Start = extern "C-unwind" fn(*mut c_void) -> *mut c_void;
type Create = unsafe extern "C-unwind" fn(
    *mut libc::pthread_t,
    *const libc::pthread_attr_t,
    Start,
    *mut c_void,
) -> c_int;

thread_local! {
    /// Leaked, as a thread's last calls come when its other variables are gone.
    static NAME: Cell<&'static [u32]> = const { Cell::new(&[]) };
    static CHILDREN: Cell<u32> = const { Cell::new(0) };
    static INSIDE: Cell<bool> = const { Cell::new(false) };
}

/// How many threads there are, the main one included.
static ALIVE: AtomicUsize = AtomicUsize::new(1);

pub fn alive() -> usize {
    ALIVE.load(Ordering::SeqCst)
}

pub fn name() -> Thread {
    Thread(NAME.get().to_vec())
}

/// While it lives, this thread's calls are this library's own.
pub struct Inside(());

impl Inside {
    /// None if it is inside already.
    pub fn enter() -> Option<Inside> {
        match INSIDE.replace(true) {
            true => None,
            false => Some(Inside(())),
        }
    }
}

impl Drop for Inside {
    fn drop(&mut self) {
        INSIDE.set(false);
    }
}

struct Child {
    name: Vec<u32>,
    start: Start,
    argument: *mut c_void,
}

/// pthread_create(3), and a name for the new thread.
///
/// # Safety
///
/// As for the function itself.
#[unsafe(no_mangle)]
pub unsafe extern "C-unwind" fn pthread_create(
    thread: *mut libc::pthread_t,
    attributes: *const libc::pthread_attr_t,
    start: Start,
    argument: *mut c_void,
) -> c_int {
    let number = CHILDREN.get() + 1;
    CHILDREN.set(number);
    let name = [NAME.get(), &[number]].concat();
    let child = Box::into_raw(Box::new(Child { name, start, argument }));
    ALIVE.fetch_add(1, Ordering::SeqCst);
    // SAFETY: `begin` takes the box back; all else is as the caller gave it.
    let result = unsafe { next()(thread, attributes, begin, child.cast()) };
    if result != 0 {
        ALIVE.fetch_sub(1, Ordering::SeqCst);
        // SAFETY: no thread has been started that would take it.
        drop(unsafe { Box::from_raw(child) });
    }
    result
}

extern "C-unwind" fn begin(child: *mut c_void) -> *mut c_void {
    // SAFETY: the box that `pthread_create` made for this thread.
    let Child { name, start, argument } = *unsafe { Box::from_raw(child.cast()) };
    NAME.set(name.leak());
    let _alive = Alive;
    start(argument)
}

/// sigwait(3). Nothing happens that would wake a thread that waits for a signal, so nobody waits for it.
///
/// # Safety
///
/// As for the function itself.
#[unsafe(no_mangle)]
pub unsafe extern "C-unwind" fn sigwait(
    signals: *const libc::sigset_t,
    signal: *mut c_int,
) -> c_int {
    ALIVE.fetch_sub(1, Ordering::SeqCst);
    let taken = loop {
        // SAFETY: the set is as the caller gave it, and nothing else is asked for.
        let taken = unsafe { libc::sigwaitinfo(signals, ptr::null_mut()) };
        let error = io::Error::last_os_error();
        if taken >= 0 || error.kind() != ErrorKind::Interrupted {
            break if taken >= 0 { Ok(taken) } else { Err(error) };
        }
    };
    ALIVE.fetch_add(1, Ordering::SeqCst);
    match taken {
        Ok(taken) => {
            // SAFETY: as the caller gave it.
            unsafe { *signal = taken };
            0
        }
        Err(error) => error.raw_os_error().unwrap_or(libc::EINVAL),
    }
}

/// Counted until it is dropped, however the thread ends.
struct Alive;

impl Drop for Alive {
    fn drop(&mut self) {
        ALIVE.fetch_sub(1, Ordering::SeqCst);
    }
}

/// libc's own.
fn next() -> Create {
    static NEXT: OnceLock<usize> = OnceLock::new();
    // SAFETY: a name that ends with a NUL.
    let found = *NEXT.get_or_init(|| unsafe {
        libc::dlsym(libc::RTLD_NEXT, c"pthread_create".as_ptr()).addr()
    });
    assert!(found != 0, "there is no pthread_create");
    // SAFETY: a function of this name has this type.
    unsafe { mem::transmute::<usize, Create>(found) }
}
