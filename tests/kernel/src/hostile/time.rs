//! What happens while the program waits, and how time passes then.

use recording::Errno;
use recording::hostile::{Fate, Rested};

use super::chance::MILLISECOND;
use super::clients::{Actor, Reading};
use super::world::World;

#[derive(Clone, Copy)]
pub enum Event {
    /// A client reaches the listener.
    Arrive(usize),
    /// A client goes on.
    Act(usize),
    /// A slow client reads.
    Sip(usize),
    /// Bytes of a connection's client arrive.
    Up(usize),
    /// Bytes of the program arrive.
    Down(usize),
    /// A client's reset arrives.
    Reset(usize, Errno),
}

/// An event of the network that is this near may come while the program runs.
const NEAR: u64 = MILLISECOND;
/// A server that wakes by itself this soon isn't at rest, unless it does so again and again.
const SOON: u64 = 1000 * MILLISECOND;
const AGAIN_AND_AGAIN: u32 = 10;
/// After its clients have left, a server has so long to close what it has of them.
const PATIENCE: u64 = 600_000 * MILLISECOND;

impl Event {
    /// A client's own time, in which nothing moves.
    fn is_pause(self) -> bool {
        matches!(self, Event::Act(_) | Event::Sip(_))
    }
}

impl World {
    pub fn plan(&mut self, delay: u64, event: Event) {
        self.planned += 1;
        self.events.insert((self.now + delay, self.planned), event);
    }

    /// Plans the next bytes to the program, if there are any and none are planned.
    pub fn plan_up(&mut self, connection: Option<usize>) {
        let Some(connection) = connection else { return };
        let it = &mut self.connections[connection];
        let has = it.up.received.len();
        let some = !it.up.outgoing.is_empty() && it.up.room.left(has) > 0
            || it.up.outgoing.is_empty() && it.up.end_follows && !it.up.end_received;
        if some && !it.up.moves && !it.reset {
            it.up.moves = true;
            let delay = self.chance.delay();
            self.plan(delay, Event::Up(connection));
        }
    }

    /// Plans the next bytes to the client.
    pub fn plan_down(&mut self, connection: Option<usize>) {
        let Some(connection) = connection else { return };
        let it = &mut self.connections[connection];
        let room = it.left || it.down.held.len() < it.down.client_room;
        let some = !it.down.sending.is_empty() && room
            || it.down.sending.is_empty() && it.down.end_follows && !it.down.end_held;
        if some && !it.down.moves && !it.reset {
            it.down.moves = true;
            let delay = self.chance.delay();
            self.plan(delay, Event::Down(connection));
        }
    }

    /// While the program runs.
    pub fn meanwhile(&mut self) {
        let Some((&(time, number), event)) = self.events.first_key_value() else {
            return;
        };
        let soon = time <= self.now + NEAR && !event.is_pause();
        if self.listening && soon && self.chance.something_happens_meanwhile() {
            self.happen(time, number);
        }
    }

    /// All threads wait: the next thing happens.
    pub fn advance(&mut self) {
        let deadline = self.waiting.values().filter_map(|it| it.until).min();
        let next = |pauses| {
            let mut events = self.events.iter();
            events.find(|(_, event)| event.is_pause() == pauses).map(|(key, _)| *key)
        };
        let (moving, pause) = (next(false), next(true));
        let first = moving.into_iter().chain(pause).min();
        let in_time = first.filter(|(time, _)| deadline.is_none_or(|it| *time <= it));
        let wakes = deadline.is_some_and(|it| it <= self.now + SOON);
        let rests = !wakes || self.deadlines >= AGAIN_AND_AGAIN;
        if moving.is_none() && rests && self.wake_those_who_rest() {
            return;
        }
        match (in_time, deadline) {
            (Some((time, number)), _) => {
                self.happen(time, number);
                // Whoever sleeps until this very moment sees all that comes in it.
                while deadline == Some(time)
                    && let Some((&(next, number), _)) = self.events.first_key_value()
                    && next == time
                {
                    self.happen(next, number);
                }
            }
            (None, Some(deadline)) if !self.is_over(deadline) => {
                self.now = self.now.max(deadline);
                let deadlines = self.deadlines + 1;
                self.moved();
                self.deadlines = deadlines;
            }
            _ => self.conclude(),
        }
    }

    fn happen(&mut self, time: u64, number: u64) {
        let Some(event) = self.events.remove(&(time, number)) else { return };
        self.now = self.now.max(time);
        self.moved();
        match event {
            Event::Arrive(client) => self.arrive(client),
            Event::Act(client) => self.act(client),
            Event::Sip(client) => self.sip(client),
            Event::Up(connection) => self.up(connection),
            Event::Down(connection) => self.down(connection),
            Event::Reset(connection, error) => {
                self.connections[connection].reset_for_program(error);
            }
        }
    }

    fn sip(&mut self, number: usize) {
        let actor = &mut self.clients[number];
        actor.sips = false;
        if let Reading::Slowly { bytes, .. } = actor.reading {
            self.take(number, bytes);
            self.plan_sip(number);
        }
    }

    /// Plans when a slow client reads again, if there is anything to read.
    pub fn plan_sip(&mut self, number: usize) {
        let actor = &mut self.clients[number];
        let Some(connection) = actor.connection else { return };
        let down = &self.connections[connection].down;
        if let Reading::Slowly { pause, .. } = actor.reading
            && !actor.sips
            && !down.held.is_empty()
        {
            actor.sips = true;
            self.plan(pause, Event::Sip(number));
        }
    }

    fn up(&mut self, connection: usize) {
        let it = &mut self.connections[connection];
        it.up.moves = false;
        if it.reset {
            return;
        }
        if it.closed.is_some() && !it.up.outgoing.is_empty() {
            self.answer_with_reset(connection);
            return;
        }
        let room = it.up.room.left(it.up.received.len()).min(it.up.outgoing.len());
        if room > 0 {
            let count = self.chance.piece(it.up.pace, it.up.delivered, room);
            it.up.received.extend(it.up.outgoing.drain(..count));
            it.up.delivered += count;
        } else if it.up.outgoing.is_empty() && it.up.end_follows {
            it.up.end_received = true;
        }
        self.plan_up(Some(connection));
    }

    fn down(&mut self, connection: usize) {
        let it = &mut self.connections[connection];
        it.down.moves = false;
        if it.reset {
            return;
        }
        if it.left && !it.down.sending.is_empty() {
            it.reset_for_program(Errno(libc::ECONNRESET));
            return;
        }
        let room = it.down.client_room.saturating_sub(it.down.held.len());
        let room = room.min(it.down.sending.len());
        if room > 0 {
            let gone = it.down.taken + it.down.held.len();
            let count = self.chance.piece(it.down.pace, gone, room);
            it.down.held.extend(it.down.sending.drain(..count));
        } else if it.down.sending.is_empty() && it.down.end_follows {
            it.down.end_held = true;
        }
        let client = it.client;
        match self.clients[client].reading {
            Reading::Everything => self.take(client, usize::MAX),
            _ => self.see_the_end(connection),
        }
        self.plan_sip(client);
        self.plan_down(Some(connection));
    }

    /// Bytes for a socket that is closed: the client is reset, and what was on its way is lost.
    pub fn answer_with_reset(&mut self, connection: usize) {
        self.connections[connection].reset_for_program(Errno(libc::ECONNRESET));
        self.see_the_end(connection);
    }

    /// Nothing moves: those who waited for it go on.
    fn wake_those_who_rest(&mut self) -> bool {
        let resting = (0..self.clients.len()).filter(|it| self.clients[*it].rests);
        let resting: Vec<usize> = resting.collect();
        for number in &resting {
            let (time, actor) = (self.now, &mut self.clients[*number]);
            actor.rests = false;
            let (received, end) = (actor.received.len(), actor.end);
            actor.rested.push(Rested { time, received, end });
        }
        for number in &resting {
            self.act(*number);
        }
        if !resting.is_empty() {
            self.moved();
        }
        !resting.is_empty()
    }

    /// Whether there is nothing to wait for up to this time.
    fn is_over(&self, deadline: u64) -> bool {
        let some_are_left = !self.left_open().is_empty();
        match self.over {
            Some(since) => !some_are_left || deadline > since + PATIENCE,
            None => {
                let done = |client: &Actor| client.is_done() && !client.rests;
                let all_done = self.clients.iter().all(done);
                all_done && self.events.is_empty()
            }
        }
    }

    /// All is at rest for good. The clients leave, the server may close what it has of them,
    /// and then the account is drawn up.
    fn conclude(&mut self) {
        if self.over.is_some() {
            self.end(Fate::Sleeps);
        }
        self.over = Some(self.now);
        self.seen = Some(self.draw_up());
        for connection in 0..self.connections.len() {
            self.half_close(connection, true);
        }
        self.moved();
    }
}
