//! libc's functions, each with the kernel's answer in place of libc's.
//!
//! Every one of them is `unsafe` as libc's own is: what its pointers point at is vouched for by
//! the caller.

mod address;
mod bytes;
mod ends;
mod epoll;
mod files;
mod others;
mod select;
mod sockets;
mod time;
mod vectors;
mod waits;

use crate::answer::answer;
use crate::request::Request;

/// As libc's functions of type `int` return.
fn int(request: impl Request) -> libc::c_int {
    answer(request) as libc::c_int
}
