//! The trace of a whole run, cut into what followed each action.

use super::action::Action;
use super::descriptors::Descriptors;
use super::facts::{Call, Connection, Event, Facts};
use super::place::SITE;
use super::plan::Replay;

/// A time at which the server slept.
pub struct Moment {
    /// What led to it, without its calls.
    pub event: Event,
    /// How many calls had returned.
    returned: usize,
    /// The call in which it slept, as far as it was known then.
    waits: Option<Call>,
}

impl Moment {
    pub fn new(mut calls: Vec<Call>, connections: Vec<Connection>) -> Moment {
        let waits = calls.pop_if(|call| call.result.is_none());
        let action = "starts".to_string();
        let calls_to_come = Vec::new();
        let event = Event {
            client: None,
            action,
            sent: 0,
            got: None,
            calls: calls_to_come,
            connections,
        };
        Moment { event, returned: calls.len(), waits }
    }

    pub fn after(mut self, action: &Action) -> Moment {
        self.event.client = Some(action.client.clone());
        self.event.action = action.text.clone();
        self
    }
}

/// What the loader and Rust's runtime do isn't the server's: it begins with a socket, or with
/// the folder that it serves.
fn begins(call: &Call) -> bool {
    call.name == "socket"
        || call.name == "openat" && call.args.contains(&format!("\"{SITE}\""))
}

pub fn facts(replay: &Replay, moments: Vec<Moment>, calls: &[Call]) -> Facts {
    let start = calls.iter().position(begins).unwrap_or(0);
    let mut descriptors = Descriptors::default();
    let mut events = Vec::new();
    let mut from = start;
    for Moment { mut event, returned, waits } in moments {
        let fresh = calls.get(from..returned).unwrap_or_default();
        event.calls = fresh.iter().map(|call| descriptors.renumber(call)).collect();
        if !fresh.is_empty() {
            event.calls.extend(waits.map(|call| descriptors.renumber(&call)));
        }
        from = returned;
        if event.client.is_some() || replay.startup {
            events.push(event);
        }
    }
    Facts {
        title: replay.title.clone(),
        server: replay.server.clone(),
        amounts_vary: replay.amounts_vary,
        folder: replay.folder.clone(),
        events,
    }
}
