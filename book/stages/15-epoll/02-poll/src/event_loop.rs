use std::io::{self, ErrorKind};
use std::mem;
use std::net::Ipv4Addr;
use std::os::fd::OwnedFd;
use std::time::{Duration, Instant};

use slab::Slab;

use crate::buffers::{Scratch, TURN};
use crate::connection::{Connection, Wants};
use crate::limits::{Limits, MEMORY};
use crate::poller::{Interest, Poll, Poller, Token};
use crate::protocol::Protocol;
use crate::sys;
use crate::timers::Timers;

const REST: Duration = Duration::from_millis(500);

pub struct EventLoop<'a, P: Protocol> {
    listener: &'a OwnedFd,
    protocol: &'a mut P,
    poller: Poll,
    clients: Slab<Client<P>>,
    timers: Timers,
    limits: Limits,
    held: usize,
    is_resting: bool,
    scratch: Scratch,
}

impl<'a, P: Protocol> EventLoop<'a, P> {
    pub fn new(
        listener: &'a OwnedFd,
        protocol: &'a mut P,
        patience: Duration,
    ) -> io::Result<EventLoop<'a, P>> {
        let mut poller = Poll::default();
        poller.add(listener, Token::LISTENER, Interest::Read)?;
        Ok(EventLoop {
            listener,
            protocol,
            poller,
            clients: Slab::new(),
            timers: Timers::new(patience),
            limits: Limits::new(sys::descriptor_limit()?),
            held: 0,
            is_resting: false,
            scratch: Scratch::default(),
        })
    }

    pub fn run(&mut self) -> ! {
        let mut ready = Vec::new();
        let mut now = Instant::now();
        loop {
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
                    Token::LISTENER => may_accept = true,
                    token if self.clients.contains(token.key()) => self.ready(token.key()),
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
    }

    fn longest_wait(&mut self, now: Instant) -> Option<Duration> {
        let rest = self.is_resting.then_some(REST);
        let waits = [self.protocol.tidy(), self.timers.left(now), rest];
        waits.into_iter().flatten().min()
    }

    fn accept(&mut self) {
        loop {
            match sys::accept(self.listener) {
                Ok((socket, address)) => self.admit(socket, address),
                Err(error) if sys::concerns_one_client(&error) => {}
                Err(error) if sys::try_again(&error) => return self.rest(false),
                Err(error) if sys::lacks_descriptors(&error) && self.make_room() => {}
                Err(_) => return self.rest(true),
            }
        }
    }

    fn rest(&mut self, is_resting: bool) {
        if self.is_resting == is_resting {
            return;
        }
        let interest = if is_resting { Interest::Nothing } else { Interest::Read };
        if self.poller.set(self.listener, Token::LISTENER, interest).is_ok() {
            self.is_resting = is_resting;
        }
    }

    fn admit(&mut self, socket: OwnedFd, address: Ipv4Addr) {
        let is_greedy = self.limits.are_reached_by(address);
        let is_one_too_many = is_greedy || self.limits.are_reached(self.clients.len());
        let may_go = |client: &Client<P>| {
            client.is_idle() && (!is_greedy || client.address == address)
        };
        if is_one_too_many && !self.let_go(may_go) {
            return;
        }
        let place = self.clients.vacant_entry();
        let (key, token) = (place.key(), Token::new(place.key()));
        if self.poller.add(&socket, token, Interest::Read).is_err() {
            return;
        }
        let connection = Connection::new(self.protocol.open());
        place.insert(Client { socket, address, connection, held: 0 });
        self.limits.enter(address);
        self.timers.set(key);
    }

    fn make_room(&mut self) -> bool {
        self.protocol.shed() || self.let_go(Client::is_idle)
    }

    fn let_go(&mut self, fits: impl Fn(&Client<P>) -> bool) -> bool {
        let oldest = self.timers.keys().find(|&key| fits(&self.clients[key]));
        oldest.map(|key| self.close(key)).is_some()
    }

    fn close(&mut self, key: usize) {
        let client = self.clients.remove(key);
        self.poller.remove(&client.socket);
        self.held -= client.held;
        self.limits.leave(client.address);
        self.timers.cancel(key);
    }

    fn ready(&mut self, key: usize) {
        let goes_on = self.clients[key].ready(self.protocol, &mut self.scratch);
        self.settle(key, goes_on);
    }

    fn late(&mut self, key: usize) {
        self.timers.set(key);
        let goes_on = self.clients[key].late(self.protocol, &mut self.scratch);
        self.settle(key, goes_on);
    }

    fn settle(&mut self, key: usize, goes_on: bool) {
        if !goes_on {
            return self.close(key);
        }
        let client = &mut self.clients[key];
        if client.connection.milestone() {
            self.timers.set(key);
        }
        let (token, interest) = (Token::new(key), client.interest());
        if self.poller.set(&client.socket, token, interest).is_err() {
            return self.close(key);
        }
        let held = client.connection.held(self.protocol);
        self.held = self.held + held - mem::replace(&mut client.held, held);
        while self.held > MEMORY && self.let_go(|client| client.held > 0) {}
    }
}

struct Client<P: Protocol> {
    socket: OwnedFd,
    address: Ipv4Addr,
    connection: Connection<P>,
    held: usize,
}

impl<P: Protocol> Client<P> {
    fn is_idle(&self) -> bool {
        self.connection.is_idle()
    }

    fn interest(&self) -> Interest {
        match self.connection.wants() {
            Wants::Receive => Interest::Read,
            Wants::Send { .. } | Wants::SendFile { .. } | Wants::Shut => Interest::Write,
            Wants::End => Interest::Nothing,
        }
    }

    fn late(&mut self, protocol: &mut P, scratch: &mut Scratch) -> bool {
        self.connection.late(protocol, &mut scratch.output);
        self.ready(protocol, scratch)
    }

    fn ready(&mut self, protocol: &mut P, scratch: &mut Scratch) -> bool {
        match self.turn(protocol, scratch) {
            Err(error) if !sys::try_again(&error) => false,
            _ => !matches!(self.connection.wants(), Wants::End),
        }
    }

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
