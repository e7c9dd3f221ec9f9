//! The trace of a whole run, cut into what followed each action.

use super::descriptors::Descriptors;
use super::facts::{Call, Event, Facts};
use super::plan::Replay;

/// A time at which the server slept.
pub struct Moment {
    /// What led to it, without its calls.
    pub event: Event,
    /// How many calls had returned.
    pub complete: usize,
}

/// What the loader and Rust's runtime do isn't the server's: it begins with this call.
const FIRST: &str = "socket";

pub fn facts(replay: &Replay, moments: Vec<Moment>, calls: &[Call]) -> Facts {
    let start = calls.iter().position(|call| call.name == FIRST).unwrap_or(0);
    let mut descriptors = Descriptors::default();
    let mut events = Vec::new();
    let mut from = start;
    for Moment { mut event, complete } in moments {
        let returned = calls.get(from..complete).unwrap_or_default();
        event.calls = returned.iter().map(|call| descriptors.renumber(call)).collect();
        if !returned.is_empty()
            && let Some(waits) = calls.get(complete)
        {
            let waits = Call { result: None, ..waits.clone() };
            event.calls.push(descriptors.renumber(&waits));
        }
        from = complete;
        if event.client.is_some() || replay.startup {
            events.push(event);
        }
    }
    Facts {
        title: replay.title.clone(),
        server: replay.server.clone(),
        amounts_vary: replay.amounts_vary,
        events,
    }
}
