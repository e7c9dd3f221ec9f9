use std::io::{self, ErrorKind};
use std::os::fd::OwnedFd;
use std::time::{Duration, Instant};

use libc::pollfd;
use slab::Slab;

use crate::buffers::{Scratch, TURN};
use crate::connection::{Connection, Wants};
use crate::limits::Limits;
use crate::protocol::Protocol;
use crate::sys::{self, Interest};
use crate::timers::Timers;

pub struct EventLoop<'a, P: Protocol> {
    listener: &'a OwnedFd,
    protocol: &'a mut P,
    clients: Slab<Client<P>>,
    timers: Timers,
    limits: Limits,
    scratch: Scratch,
}

impl<'a, P: Protocol> EventLoop<'a, P> {
    pub fn new(
        listener: &'a OwnedFd,
        protocol: &'a mut P,
        patience: Duration,
    ) -> io::Result<EventLoop<'a, P>> {
        Ok(EventLoop {
            listener,
            protocol,
            clients: Slab::new(),
            timers: Timers::new(patience),
            limits: Limits::new(sys::descriptor_limit()?),
            scratch: Scratch::default(),
        })
    }

    pub fn run(&mut self) -> ! {
        let (mut entries, mut keys) = (Vec::new(), Vec::new());
        let mut now = Instant::now();
        loop {
            self.list(&mut entries, &mut keys);
            let waited = sys::poll(&mut entries, self.longest_wait(now));
            now = Instant::now();
            let overdue = self.timers.pass(now);
            if waited.is_err_and(|error| error.kind() != ErrorKind::Interrupted) {
                self.let_go(|_| true);
            }

            for (key, entry) in keys.iter().zip(&entries[1..]) {
                if entry.revents != 0 {
                    self.ready(*key);
                }
            }
            for key in overdue {
                if self.clients.contains(key) && !self.timers.is_set(key) {
                    self.late(key);
                }
            }
            if entries[0].revents != 0 {
                self.accept();
            }
        }
    }

    fn list(&self, entries: &mut Vec<pollfd>, keys: &mut Vec<usize>) {
        entries.clear();
        keys.clear();
        entries.push(sys::poll_entry(self.listener, Interest::Read));
        for (key, client) in &self.clients {
            entries.push(sys::poll_entry(&client.socket, client.interest()));
            keys.push(key);
        }
    }

    fn longest_wait(&mut self, now: Instant) -> Option<Duration> {
        let waits = [self.protocol.tidy(), self.timers.left(now)];
        waits.into_iter().flatten().min()
    }

    fn accept(&mut self) {
        loop {
            match sys::accept(self.listener) {
                Ok(socket) => self.admit(socket),
                Err(error) if sys::concerns_one_client(&error) => {}
                Err(_) => return,
            }
        }
    }

    fn admit(&mut self, socket: OwnedFd) {
        let is_one_too_many = self.limits.are_reached(self.clients.len());
        if is_one_too_many && !self.let_go(Client::is_idle) {
            return;
        }
        let connection = Connection::new(self.protocol.open());
        let client = Client { socket, connection };
        let key = self.clients.insert(client);
        self.timers.set(key);
    }

    fn let_go(&mut self, fits: impl Fn(&Client<P>) -> bool) -> bool {
        let oldest = self.timers.keys().find(|&key| fits(&self.clients[key]));
        oldest.map(|key| self.close(key)).is_some()
    }

    fn close(&mut self, key: usize) {
        self.clients.remove(key);
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
    }
}

struct Client<P: Protocol> {
    socket: OwnedFd,
    connection: Connection<P>,
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
