//! A kernel that can be wound back: preloaded (`LD_PRELOAD`, ld.so(8)), it stands between a
//! program and libc's functions for sockets, waiting, files, time and randomness. By its orders
//! it makes the calls and writes them down, answers them as a recording says, or is a hostile
//! kernel with clients of its own.
//!
//! Without orders, and before the program's first socket or file, every call is made as it is.

#![allow(unsafe_code)]

mod answer;
mod descriptors;
mod hostile;
mod mode;
mod raw;
mod record;
mod replay;
mod request;
mod stack;
mod symbols;
mod thread;
