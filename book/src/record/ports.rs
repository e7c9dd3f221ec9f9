//! Which port a recording uses while it shows 8080.

use std::net::{Ipv4Addr, TcpListener};
use std::sync::atomic::{AtomicU32, Ordering};

/// The port of every step that isn't told another.
pub const SHOWN: &str = "8080";

static NEXT: AtomicU32 = AtomicU32::new(0);

/// A free port with as many digits as the one that is shown, so that texts with it are as
/// long, and below those that the kernel gives to clients.
pub fn free() -> u16 {
    const FIRST: u32 = 8_081;
    const SPAN: u32 = 1_907;
    let start = std::process::id().wrapping_mul(7919);
    loop {
        let turn = NEXT.fetch_add(1, Ordering::Relaxed);
        let port = (FIRST + start.wrapping_add(turn) % SPAN) as u16;
        if TcpListener::bind((Ipv4Addr::LOCALHOST, port)).is_ok() {
            return port;
        }
    }
}
