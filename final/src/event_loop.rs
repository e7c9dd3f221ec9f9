//! One thread for all connections.

mod drain;
#[cfg(test)]
mod tests;

use std::io::{self, ErrorKind};
use std::mem;
use std::os::fd::OwnedFd;
use std::sync::Arc;
use std::time::{Duration, Instant};

use slab::Slab;

use crate::buffers::{QUOTA, Scratch, TURN};
use crate::connection::{Connection, Wants};
use crate::limits::{Limits, Network};
use crate::peers::Peer;
use crate::poller::{Interest, Kind, Poller, Token};
use crate::protocol::Protocol;
use crate::sys;
use crate::timers::Timers;

pub use drain::Handle;

/// How long nobody is accepted once there is no descriptor left and nobody to let go.
const REST: Duration = Duration::from_millis(500);

/// Serves a protocol to whoever connects to a listener.
pub struct EventLoop<'a, P: Protocol> {
    listeners: Vec<Arc<OwnedFd>>,
    protocol: &'a mut P,
    poller: Box<dyn Poller>,
    handle: &'a Handle,
    /// `None` until it is to end.
    drain_until: Option<Instant>,
    clients: Slab<Client<P>>,
    /// Of the next client.
    generation: u32,
    timers: Timers,
    limits: Limits,
    /// How many bytes all connections hold.
    held: usize,
    is_resting: bool,
    scratch: Scratch,
}

impl<'a, P: Protocol> EventLoop<'a, P> {
    /// How many bytes an idle connection takes: its own, its deadline's, and the poller's.
    pub const CLIENT_SIZE: usize = size_of::<Client<P>>() + Timers::SIZE + Kind::SIZE;

    /// The `listeners` must not block, and `poller` watches nothing yet. A connection that doesn't get
    /// on within `patience` is let go; see [`Connection::milestone`] for what counts.
    pub fn new(
        listeners: Vec<Arc<OwnedFd>>,
        protocol: &'a mut P,
        mut poller: Box<dyn Poller>,
        limits: Limits,
        patience: Duration,
        handle: &'a Handle,
    ) -> io::Result<EventLoop<'a, P>> {
        poller.add(handle.waker.event(), Token::WAKER, Interest::Read)?;
        for listener in &listeners {
            poller.add(listener, Token::LISTENER, Interest::Read)?;
        }
        Ok(EventLoop {
            listeners,
            protocol,
            poller,
            handle,
            drain_until: None,
            clients: Slab::new(),
            generation: 0,
            timers: Timers::new(patience),
            limits,
            held: 0,
            is_resting: false,
            scratch: Scratch::default(),
        })
    }

    /// Serves until the handle says that it should end, and everybody has what they asked for.
    ///
    /// Where the kernel can't wait for so many connections (`ENOMEM`, or `EINVAL` where the limit of
    /// descriptors was lowered: poll(2)), the one whose deadline comes first is closed.
    ///
    /// What has happened comes before what is late: after a pause of the whole process, a client that
    /// has sent something meanwhile isn't blamed for it.
    pub fn run(&mut self) {
        let mut ready = Vec::new();
        let mut now = Instant::now();
        while !self.is_drained(now) {
            let limit = self.longest_wait(now);
            ready.clear();
            let waited = self.poller.wait(limit, &mut ready);
            now = Instant::now();
            let overdue = self.timers.pass(now);
            if waited.is_err_and(|error| error.kind() != ErrorKind::Interrupted) {
                self.let_go(|_| true);
            }

            let mut may_accept = self.is_resting;
            for token in &ready {
                match *token {
                    token if self.is_open(token) => self.ready(token.key()),
                    Token::LISTENER => may_accept = true,
                    Token::WAKER => self.woken(),
                    _ => {}
                }
            }
            for key in overdue {
                if self.clients.contains(key) && !self.timers.is_set(key) {
                    self.late(key);
                }
            }
            if may_accept {
                self.accept();
            }
        }
        self.end();
    }

    /// Whether this is the token of a client that is still there. Another may have its key by now.
    fn is_open(&self, token: Token) -> bool {
        let client = self.clients.get(token.key());
        client.is_some_and(|client| client.token(token.key()) == token)
    }

    fn longest_wait(&mut self, now: Instant) -> Option<Duration> {
        let rest = self.is_resting.then_some(REST);
        let grace = self.drain_until.map(|until| until.saturating_duration_since(now));
        let waits = [self.protocol.tidy(), self.timers.left(now), rest, grace];
        waits.into_iter().flatten().min()
    }

    /// Lets in all who wait. One who is gone already is passed over. Without a descriptor, cached files
    /// are let go first, then the connection that has been idle for longest; if neither is there, the
    /// others wait on.
    fn accept(&mut self) {
        let listeners = mem::take(&mut self.listeners);
        let all_are_in = listeners.iter().all(|listener| self.accept_from(listener));
        self.listeners = listeners;
        self.rest(!all_are_in);
    }

    /// Whether nobody waits any more.
    fn accept_from(&mut self, listener: &OwnedFd) -> bool {
        loop {
            match sys::accept(listener) {
                Ok((socket, address)) => self.admit(socket, address.into()),
                Err(error) if sys::concerns_one_client(&error) => {}
                Err(error) if sys::try_again(&error) => return true,
                Err(error) if sys::lacks_descriptors(&error) && self.make_room() => {}
                Err(_) => return false,
            }
        }
    }

    /// While it rests, clients that wait at the listeners wake nobody. If the poller can't be told now,
    /// it is told after the next accept.
    fn rest(&mut self, is_resting: bool) {
        if self.is_resting == is_resting {
            return;
        }
        let interest = if is_resting { Interest::Nothing } else { Interest::Read };
        let told = |it: &&Arc<_>| self.poller.set(it, Token::LISTENER, interest).is_ok();
        let told = self.listeners.iter().filter(told).count();
        self.is_resting = if is_resting { told > 0 } else { told < self.listeners.len() };
    }

    /// A client too many costs the connection that has been idle for longest: of its own network, if that
    /// has its share of all places. If none is idle, the new one is closed, as is one that can't be watched.
    fn admit(&mut self, socket: OwnedFd, peer: Peer) {
        let network = self.limits.network(peer);
        let is_greedy = self.limits.are_reached_by(network);
        let is_one_too_many = is_greedy || self.limits.are_reached(self.clients.len());
        let may_go = |client: &Client<P>| {
            client.is_idle() && (!is_greedy || client.network == network)
        };
        if is_one_too_many && !self.let_go(may_go) {
            return;
        }
        let (place, generation) = (self.clients.vacant_entry(), self.generation);
        let (key, token) = (place.key(), Token::new(place.key(), generation));
        if self.poller.add(&socket, token, Interest::Read).is_err() {
            return;
        }
        self.generation = generation.wrapping_add(1);
        let connection = Connection::new(self.protocol.open(peer));
        let (held, unsent) = (0, 0);
        place.insert(Client { socket, generation, network, connection, held, unsent });
        self.limits.enter(network);
        self.timers.set(key);
    }

    /// Gives a descriptor back, if there is one that nobody misses: of cached files first, and then of
    /// the connection that has been idle for longest.
    fn make_room(&mut self) -> bool {
        self.protocol.shed() || self.let_go(Client::is_idle)
    }

    /// Closes the first client that fits, in the order of their deadlines; whether there was one.
    fn let_go(&mut self, fits: impl Fn(&Client<P>) -> bool) -> bool {
        let oldest = self.timers.keys().find(|&key| fits(&self.clients[key]));
        oldest.map(|key| self.close(key)).is_some()
    }

    fn close(&mut self, key: usize) {
        let client = self.clients.remove(key);
        self.poller.remove(&client.socket);
        self.held -= client.held as usize;
        self.limits.leave(client.network);
        self.timers.cancel(key);
        client.connection.close(self.protocol);
    }

    fn ready(&mut self, key: usize) {
        let goes_on = self.clients[key].ready(self.protocol, &mut self.scratch);
        self.settle(key, goes_on);
    }

    fn late(&mut self, key: usize) {
        self.timers.set(key);
        let goes_on = match self.drain_until {
            None => self.clients[key].late(self.protocol, &mut self.scratch),
            Some(_) => self.clients[key].quiet(self.protocol, &mut self.scratch),
        };
        self.settle(key, goes_on);
    }

    /// A connection that goes on has a deadline, and a new one from each milestone on.
    fn settle(&mut self, key: usize, goes_on: bool) {
        if !goes_on {
            return self.close(key);
        }
        let client = &mut self.clients[key];
        if client.connection.milestone() {
            self.timers.set(key);
        }
        let (token, interest) = (client.token(key), client.interest());
        if self.poller.set(&client.socket, token, interest).is_err() {
            return self.close(key);
        }
        let held = client.connection.held(self.protocol);
        self.held =
            self.held + held - mem::replace(&mut client.held, held as u32) as usize;
        while self.held > self.limits.memory() && self.let_go(|client| client.held > 0) {}
    }
}

/// A connection and its socket.
struct Client<P: Protocol> {
    socket: OwnedFd,
    generation: u32,
    network: Network,
    connection: Connection<P>,
    /// How many bytes of memory it held after its last turn.
    held: u32,
    /// How many bytes the peer hadn't confirmed when there was no more room for others, or when the
    /// last deadline passed.
    unsent: u32,
}

impl<P: Protocol> Client<P> {
    fn token(&self, key: usize) -> Token {
        Token::new(key, self.generation)
    }

    fn is_idle(&self) -> bool {
        self.connection.is_idle()
    }

    /// What to wait for. It follows from what the connection wants and from nothing else.
    fn interest(&self) -> Interest {
        match self.connection.wants() {
            Wants::Receive => Interest::Read,
            Wants::Send { .. } | Wants::SendFile { .. } | Wants::Shut => Interest::Write,
            Wants::End => Interest::Nothing,
        }
    }

    /// Its deadline has passed. Whether the connection goes on.
    ///
    /// The kernel says that a socket is writable when a third of its buffer is free, which can be more
    /// than a slow reader takes within a deadline. Whoever has confirmed [`QUOTA`] bytes has another.
    fn late(&mut self, protocol: &mut P, scratch: &mut Scratch) -> bool {
        let unsent = sys::unsent(&self.socket).unwrap_or_default();
        let is_sending = matches!(self.interest(), Interest::Write);
        if is_sending && unsent + QUOTA <= mem::replace(&mut self.unsent, unsent) {
            return true;
        }
        self.connection.late(protocol, &mut scratch.output);
        self.ready(protocol, scratch)
    }

    /// Whether the connection goes on. An error of its socket ends it, and concerns nobody else.
    fn ready(&mut self, protocol: &mut P, scratch: &mut Scratch) -> bool {
        let turn = self.turn(protocol, scratch);
        if let Interest::Write = self.interest() {
            self.unsent = sys::unsent(&self.socket).unwrap_or_default();
        }
        match turn {
            Err(error) if !sys::try_again(&error) => false,
            _ => !matches!(self.connection.wants(), Wants::End),
        }
    }

    /// Makes the calls that the connection wants, until the socket refuses or the turn is over:
    /// then others have theirs, and the socket is as ready as it was.
    ///
    /// A file that has become shorter than it was is `UnexpectedEof`: the length is promised, so the
    /// connection can only end.
    fn turn(&mut self, protocol: &mut P, scratch: &mut Scratch) -> io::Result<()> {
        let Scratch { input, output } = scratch;
        if let Wants::Receive = self.connection.wants() {
            let count = sys::read(&self.socket, input)?;
            self.connection.received(protocol, &input[..count], output);
        }
        let mut sent = 0;
        while sent < TURN {
            let (offered, count) = match self.connection.wants() {
                Wants::Send { bytes, more: true } => {
                    (bytes.len(), sys::write_with_more(&self.socket, bytes)?)
                }
                Wants::Send { bytes, more: false } => {
                    (bytes.len(), sys::write(&self.socket, bytes)?)
                }
                Wants::SendFile { file, range } => {
                    let most = (range.end - range.start).min(TURN as u64) as usize;
                    match sys::send_file(&self.socket, file, range.start, most)? {
                        0 => return Err(ErrorKind::UnexpectedEof.into()),
                        count => (most, count),
                    }
                }
                Wants::Shut => {
                    sys::shut_down(&self.socket)?;
                    self.connection.shut();
                    break;
                }
                Wants::Receive | Wants::End => break,
            };
            self.connection.sent(protocol, count, output);
            if count < offered {
                break;
            }
            sent += count;
        }
        Ok(())
    }
}
