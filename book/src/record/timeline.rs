//! The calls of a whole run, cut into what followed each action.

use checks::kernel::{Lines, Log};
use recording::{Connection, Event, Recording};

use super::action::Action;
use super::plan::Replay;

/// A time at which the server slept.
pub struct Moment {
    /// What led to it, without its calls.
    pub event: Event,
    /// How many calls had returned.
    returned: usize,
}

impl Moment {
    pub fn new(log: &Log, connections: Vec<Connection>) -> Moment {
        let (client, action, sent, got) = (None, "starts".to_string(), 0, None);
        let event = Event { client, action, sent, got, calls: Vec::new(), connections };
        Moment { event, returned: log.returned.len() }
    }

    pub fn after(mut self, action: &Action) -> Moment {
        self.event.client = Some(action.client.clone());
        self.event.action = action.text.clone();
        self
    }
}

pub fn recording(
    replay: &Replay,
    moments: Vec<Moment>,
    log: &Log,
    lines: &Lines,
) -> Recording {
    let mut returned = log.returned.iter().map(|call| lines.call(call));
    let (mut events, mut from) = (Vec::new(), 0);
    for Moment { mut event, returned: until } in moments {
        event.calls = returned.by_ref().take(until - from).collect();
        from = until;
        events.push(event);
    }
    Recording {
        title: replay.title.clone(),
        server: replay.server.clone(),
        amounts_vary: replay.amounts_vary,
        startup: replay.startup,
        folder: replay.folder.clone(),
        events,
        waits: log.waits.iter().map(|call| lines.call(call)).collect(),
    }
}
