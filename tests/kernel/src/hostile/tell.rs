//! What is told of a run.

use std::fs;

use recording::hostile::{Account, Fate, Seen};
use recording::{Answer, Asked, Call, Data, Witnessed};
use syscalls::Sysno;

use super::world::{What, World};
use crate::{raw, thread};

/// How many calls are told, and how much data of each.
const LAST: usize = 40;
const SHOWN: usize = 128;

impl World {
    pub fn write_down(&mut self, asked: Asked, answer: &Answer, stack: Vec<u64>) {
        let asked = match asked {
            Asked::ClockGetTime { .. } | Asked::GetRandom { .. } => return,
            Asked::Write { fd, data } => Asked::Write { fd, data: cut(data) },
            Asked::SendTo { fd, data, flags } => {
                Asked::SendTo { fd, data: cut(data), flags }
            }
            Asked::WriteV { fd, data, pieces } => {
                Asked::WriteV { fd, data: cut(data), pieces }
            }
            asked => asked,
        };
        let mut answer = answer.clone();
        if let Answer::Done { payload, .. } = &mut answer {
            payload.data = payload
                .data
                .take()
                .map(|given| cut(Data(given.bytes().into_owned())).0.into());
        }
        let (thread, answer) = (thread::name(), Some(answer));
        let call = Call { thread, asked, answer, at: Vec::new() };
        self.last.push_back(Witnessed { call, stack });
        if self.last.len() > LAST {
            self.last.pop_front();
        }
    }

    /// What each client has got.
    pub fn draw_up(&self) -> Vec<Seen> {
        let clients = self.clients.iter().map(|actor| {
            let connection = actor.connection.map(|it| &self.connections[it]);
            Seen {
                name: actor.script.name.clone(),
                received: Data(actor.received.clone()),
                end: actor.end,
                ended: actor.ended,
                closed: connection.and_then(|it| it.closed),
                delivered: connection.map_or(0, |it| it.up.delivered),
                rests: actor.rested.clone(),
                undone: actor.script.acts.len() - actor.done,
            }
        });
        clients.collect()
    }

    /// Sockets of connections that are still the program's.
    pub fn left_open(&self) -> Vec<i64> {
        let sockets = self.descriptors.iter().filter(|(_, thing)| {
            let thing = self.things.get(thing);
            thing.is_some_and(|it| matches!(it.what, What::Stream { .. }))
        });
        sockets.map(|(fd, _)| *fd).collect()
    }

    /// Ends the program.
    pub fn end(&mut self, outcome: Fate) -> ! {
        self.tell(outcome);
        loop {
            // SAFETY: exit_group(2) takes a number.
            unsafe { raw::call(Sysno::exit_group, [0; 6]) };
        }
    }

    /// The program ends by itself. One that never had a socket isn't the server.
    pub fn tell_the_end(&mut self) {
        if self.made > 0 {
            self.tell(Fate::Ended);
        }
    }

    pub fn tell(&mut self, outcome: Fate) {
        let account = Account {
            program: fs::read_link("/proc/self/exe").ok(),
            outcome,
            clients: self.seen.take().unwrap_or_else(|| self.draw_up()),
            duration: self.now - self.began,
            calls: self.calls,
            injected: std::mem::take(&mut self.injected),
            left_open: match self.over {
                Some(_) => self.left_open(),
                None => Vec::new(),
            },
            last: std::mem::take(&mut self.last).into(),
        };
        let text = serde_json::to_vec(&account).expect("an account can be written down");
        fs::write(&self.orders.report, text).expect("the report can be written");
    }
}

fn cut(Data(mut data): Data) -> Data {
    data.truncate(SHOWN);
    Data(data)
}
