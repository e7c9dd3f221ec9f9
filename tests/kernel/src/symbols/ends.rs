//! The ways in which a program ends without atexit(3), and its children begin.

use libc::{c_int, pid_t};
use recording::Asked;
use syscalls::Sysno;

use crate::mode::{self, Mode};
use crate::raw;
use crate::request::Request;
use crate::thread::Inside;

fn tell() {
    let Some(_inside) = Inside::enter() else { return };
    if let Some(Mode::Hostile(hostile)) = mode::ordered() {
        hostile.tell_the_end();
    }
}

fn end(status: c_int) -> ! {
    tell();
    loop {
        // SAFETY: exit_group(2) takes a number.
        unsafe { raw::call(Sysno::exit_group, [status as usize, 0, 0, 0, 0, 0]) };
    }
}

#[unsafe(no_mangle)]
extern "C" fn _exit(status: c_int) -> ! {
    end(status)
}

#[unsafe(no_mangle)]
extern "C" fn _Exit(status: c_int) -> ! {
    end(status)
}

/// abort(3): the signal, without a handler.
#[unsafe(no_mangle)]
extern "C" fn abort() -> ! {
    tell();
    loop {
        // SAFETY: numbers; the default handler ends the process.
        unsafe {
            libc::signal(libc::SIGABRT, libc::SIG_DFL);
            libc::raise(libc::SIGABRT);
            raw::call(Sysno::exit_group, [134, 0, 0, 0, 0, 0]);
        }
    }
}

/// fork(2), which libc does more for than the call.
struct Fork;

impl Request for Fork {
    fn asked(&self) -> Asked {
        Asked::Other { name: "fork".to_string(), arguments: Vec::new() }
    }

    fn make(&mut self) -> isize {
        // SAFETY: a function of this name has this type.
        unsafe {
            let next = libc::dlsym(libc::RTLD_NEXT, c"fork".as_ptr());
            let next: extern "C" fn() -> pid_t = std::mem::transmute(next);
            match next() {
                -1 => -(*libc::__errno_location() as isize),
                pid => pid as isize,
            }
        }
    }
}

#[unsafe(no_mangle)]
extern "C" fn fork() -> pid_t {
    super::int(Fork)
}
