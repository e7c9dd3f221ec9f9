use std::io::{self, ErrorKind};
use std::os::fd::OwnedFd;
use std::time::{Duration, Instant};

use libc::pollfd;
use slab::Slab;

use crate::buffers::{Scratch, TURN};
use crate::connection::{Connection, Wants};
use crate::protocol::Protocol;
use crate::sys::{self, Interest};
use crate::timers::Timers;

pub struct EventLoop<'a, P: Protocol> {
    listener: &'a OwnedFd,
    protocol: &'a mut P,
    clients: Slab<Client<P>>,
    timers: Timers,
    scratch: Scratch,
}

impl<'a, P: Protocol> EventLoop<'a, P> {
    pub fn new(
        listener: &'a OwnedFd,
        protocol: &'a mut P,
        patience: Duration,
    ) -> EventLoop<'a, P> {
        EventLoop {
            listener,
            protocol,
            clients: Slab::new(),
            timers: Timers::new(patience),
            scratch: Scratch::default(),
        }
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
                self.close_last();
            }

            for (key, entry) in keys.iter().zip(&entries[1..]) {
                if entry.revents != 0 {
                    self.ready(*key);
                }
            }
            for key in overdue {
                if self.clients.contains(key) && !self.timers.is_set(key) {
                    self.close(key);
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
                Ok(socket) => {
                    let connection = Connection::new(self.protocol.open());
                    let key = self.clients.insert(Client { socket, connection });
                    self.timers.set(key);
                }
                Err(error) if sys::concerns_one_client(&error) => {}
                Err(_) => return,
            }
        }
    }

    fn close_last(&mut self) {
        if let Some((key, _)) = self.clients.iter().next_back() {
            self.close(key);
        }
    }

    fn close(&mut self, key: usize) {
        self.clients.remove(key);
        self.timers.cancel(key);
    }

    fn ready(&mut self, key: usize) {
        let client = &mut self.clients[key];
        if !client.ready(self.protocol, &mut self.scratch) {
            self.close(key);
        } else {
            self.timers.set(key);
        }
    }
}

struct Client<P: Protocol> {
    socket: OwnedFd,
    connection: Connection<P>,
}

impl<P: Protocol> Client<P> {
    fn interest(&self) -> Interest {
        match self.connection.wants() {
            Wants::Receive => Interest::Read,
            Wants::Send { .. } | Wants::SendFile { .. } => Interest::Write,
            Wants::End => Interest::Nothing,
        }
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
