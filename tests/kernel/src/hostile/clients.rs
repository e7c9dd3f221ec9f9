//! The clients: each does one act after the other, and reads meanwhile.

use recording::Errno;
use recording::hostile::{Act, Client, End, Rested};

use super::chance::MILLISECOND;
use super::connection::Connection;
use super::time::Event;
use super::world::{What, World};

pub struct Actor {
    pub script: Client,
    /// How many acts are done.
    pub done: usize,
    pub connection: Option<usize>,
    pub received: Vec<u8>,
    pub end: End,
    pub ended: Option<u64>,
    pub reading: Reading,
    /// When it reads slowly: its next time is planned.
    pub sips: bool,
    /// It waits for everything to rest.
    pub rests: bool,
    pub rested: Vec<Rested>,
}

#[derive(Clone, Copy, PartialEq)]
pub enum Reading {
    Everything,
    Nothing,
    Slowly { bytes: usize, pause: u64 },
}

/// Why a connection that was reset fails.
const RESETS: [i32; 4] =
    [libc::ECONNRESET, libc::ECONNRESET, libc::ECONNRESET, libc::ETIMEDOUT];

impl Actor {
    pub fn new(script: Client) -> Actor {
        Actor {
            script,
            done: 0,
            connection: None,
            received: Vec::new(),
            end: End::NotConnected,
            ended: None,
            reading: Reading::Everything,
            sips: false,
            rests: false,
            rested: Vec::new(),
        }
    }

    pub fn is_done(&self) -> bool {
        self.done == self.script.acts.len()
    }
}

impl World {
    /// Lets a client go on up to the next act for which it has to wait.
    pub fn act(&mut self, number: usize) {
        loop {
            let actor = &mut self.clients[number];
            let Some(act) = actor.script.acts.get(actor.done).cloned() else { return };
            actor.done += 1;
            let connection = actor.connection;
            match act {
                Act::Connect => {
                    let delay = self.chance.delay();
                    self.plan(delay, Event::Arrive(number));
                    return;
                }
                Act::Rest => {
                    actor.rests = true;
                    return;
                }
                Act::Wait(milliseconds) => {
                    self.plan(milliseconds * MILLISECOND, Event::Act(number));
                    return;
                }
                Act::StopReading => actor.reading = Reading::Nothing,
                Act::ReadSlowly { bytes, pause } => {
                    actor.reading = Reading::Slowly { bytes, pause: pause * MILLISECOND };
                    self.plan_sip(number);
                }
                Act::Read => {
                    actor.reading = Reading::Everything;
                    self.take(number, usize::MAX);
                }
                Act::Send(data) => {
                    if let Some(it) = connection.map(|it| &mut self.connections[it])
                        && !it.reset
                    {
                        it.up.outgoing.extend(data.0);
                        self.plan_up(connection);
                    }
                }
                Act::HalfClose | Act::Close => {
                    if let Some(it) = connection {
                        self.half_close(it, act == Act::Close);
                    }
                }
                Act::Reset => {
                    if let Some(it) = connection {
                        self.leave(number, it);
                        self.reset_by_client(it);
                    }
                }
            }
        }
    }

    /// The client is in the queue of a listener, or nobody listens.
    pub fn arrive(&mut self, number: usize) {
        let listeners = self.things.iter().filter_map(|(id, thing)| match thing.what {
            What::Listener { .. } => Some(*id),
            _ => None,
        });
        let listeners: Vec<usize> = listeners.collect();
        if listeners.is_empty() {
            self.clients[number].end = End::Refused;
            self.act(number);
            return;
        }
        let chosen = self.chance.one_of(&listeners);
        let connection = Connection::new(number, &mut self.chance);
        self.connections.push(connection);
        let connection = self.connections.len() - 1;
        let actor = &mut self.clients[number];
        (actor.connection, actor.end) = (Some(connection), End::Open);
        if let Some(What::Listener { queue, .. }) =
            self.things.get_mut(&chosen).map(|thing| &mut thing.what)
        {
            queue.push_back(connection);
        }
        self.act(number);
    }

    /// The client takes so many bytes, and the end behind them.
    pub fn take(&mut self, number: usize, most: usize) {
        let actor = &mut self.clients[number];
        let Some(connection) = actor.connection else { return };
        let down = &mut self.connections[connection].down;
        let count = most.min(down.held.len());
        actor.received.extend(down.held.drain(..count));
        down.taken += count;
        if count > 0 {
            self.moved();
        }
        self.see_the_end(connection);
        self.plan_down(Some(connection));
    }

    /// The client sees the end or the reset, once it has all bytes before it.
    pub fn see_the_end(&mut self, connection: usize) {
        let it = &self.connections[connection];
        let (number, reset) = (it.client, it.reset);
        let actor = &mut self.clients[number];
        let over = it.down.held.is_empty() && actor.reading != Reading::Nothing;
        if !over || actor.end != End::Open || !(it.down.end_held || reset) {
            return;
        }
        actor.end = if it.down.end_held { End::Ended } else { End::Reset };
        actor.ended = Some(self.now);
        self.moved();
    }

    /// The end of what the client sends goes behind its bytes. One that leaves takes nothing
    /// more: with bytes unread that is a reset.
    pub fn half_close(&mut self, connection: usize, leaves: bool) {
        let it = &mut self.connections[connection];
        let (number, unread) = (it.client, !it.down.held.is_empty());
        it.up.end_follows = true;
        if leaves {
            self.leave(number, connection);
            if unread {
                self.reset_by_client(connection);
            }
        }
        self.plan_up(Some(connection));
    }

    fn leave(&mut self, number: usize, connection: usize) {
        self.connections[connection].left = true;
        let (now, actor) = (self.now, &mut self.clients[number]);
        if actor.end == End::Open {
            (actor.end, actor.ended) = (End::Left, Some(now));
        }
    }

    fn reset_by_client(&mut self, connection: usize) {
        let error = self.chance.one_of(&RESETS);
        let delay = self.chance.delay();
        self.connections[connection].up.outgoing.clear();
        self.plan(delay, Event::Reset(connection, Errno(error)));
    }
}
