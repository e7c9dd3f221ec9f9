//! Which port a recording uses while it shows 8080.

use std::net::{Ipv4Addr, TcpListener};
use std::sync::atomic::{AtomicU32, Ordering};

/// The port of every step that isn't told another.
pub const SHOWN: &str = "8080";

static NEXT: AtomicU32 = AtomicU32::new(0);

/// A free port below those that the kernel gives to clients, and with five digits, so that
/// it isn't mistaken for another number.
pub fn free() -> u16 {
    const FIRST: u32 = 20_011;
    const SPAN: u32 = 9_973;
    let start = std::process::id().wrapping_mul(7919);
    loop {
        let turn = NEXT.fetch_add(1, Ordering::Relaxed);
        let port = (FIRST + start.wrapping_add(turn) % SPAN) as u16;
        if TcpListener::bind((Ipv4Addr::LOCALHOST, port)).is_ok() {
            return port;
        }
    }
}
