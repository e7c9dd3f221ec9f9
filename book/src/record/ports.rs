//! Which port a recording uses while it shows 8080.

use std::sync::{Mutex, PoisonError};

use checks::system::port::Port;

/// The port of every step that isn't told another.
pub const SHOWN: &str = "8080";

/// No port is used twice by one process.
static CLAIMED: Mutex<Vec<Port>> = Mutex::new(Vec::new());

/// A free port with as many digits as the one that is shown, so that texts with it are as
/// long, and below those that the kernel gives to clients.
pub fn free() -> u16 {
    let port = Port::among(8_081..9_988).expect("one of so many ports is free");
    let number = port.number;
    CLAIMED.lock().unwrap_or_else(PoisonError::into_inner).push(port);
    number
}
