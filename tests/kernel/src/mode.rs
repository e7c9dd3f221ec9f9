//! What this kernel is ordered to do.

use std::env;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, Ordering};

use recording::{Asked, ORDERS, Orders};

use crate::hostile::Hostile;
use crate::record::Recorder;
use crate::replay::Replayer;

pub enum Mode {
    Record(Recorder),
    Replay(Replayer),
    Hostile(Box<Hostile>),
}

/// None if nothing is ordered.
pub fn ordered() -> Option<&'static Mode> {
    static MODE: OnceLock<Option<Mode>> = OnceLock::new();
    MODE.get_or_init(|| {
        let orders = env::var(ORDERS).ok()?;
        let orders: Orders =
            serde_json::from_str(&orders).expect("orders as this reads them");
        Some(match orders {
            Orders::Record { log, shown, port } => {
                Mode::Record(Recorder::new(&log, shown, port))
            }
            Orders::Replay { recording, report } => {
                Mode::Replay(Replayer::new(&recording, report))
            }
            Orders::Hostile(orders) => Mode::Hostile(Box::new(Hostile::new(orders))),
        })
    })
    .as_ref()
}

/// What the loader and the runtime of a language do isn't the program's: that begins with its
/// first socket or file, or with randomness, which its first hash table asks for.
pub fn has_begun(asked: &Asked) -> bool {
    static BEGUN: AtomicBool = AtomicBool::new(false);
    let begins = matches!(
        asked,
        Asked::Socket { .. }
            | Asked::OpenAt { .. }
            | Asked::OpenAt2 { .. }
            | Asked::EventFd2 { .. }
            | Asked::EpollCreate1 { .. }
            | Asked::GetRandom { .. }
    );
    if begins {
        BEGUN.store(true, Ordering::Relaxed);
    }
    begins || BEGUN.load(Ordering::Relaxed)
}
