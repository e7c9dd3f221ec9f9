//! One connection: its state, and what it owns while bytes wait.

use std::io;
use std::mem;
use std::os::fd::OwnedFd;

use libc::c_short;

use crate::buffers::{Leftover, Output, Scratch, TURN};
use crate::protocol::{Next, Protocol};
use crate::sys;

/// Where a connection stands. What to poll for follows from it alone.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum State {
    /// Input is awaited.
    Req,
    /// Output waits for the socket; nothing is read meanwhile.
    Res,
    /// To be closed.
    End,
}

/// A client that has connected.
pub struct Connection<P: Protocol> {
    /// Its socket, which never blocks.
    pub socket: OwnedFd,
    /// Where it stands.
    pub state: State,
    next: Next,
    context: P::Context,
    input: Leftover,
    output: Output,
}

impl<P: Protocol> Connection<P> {
    /// A connection that waits for its first byte.
    pub fn new(socket: OwnedFd, context: P::Context) -> Connection<P> {
        Connection {
            socket,
            state: State::Req,
            next: Next::Read,
            context,
            input: Leftover::default(),
            output: Output::default(),
        }
    }

    /// The events to poll for.
    pub fn interest(&self) -> c_short {
        match self.state {
            State::Req => libc::POLLIN,
            State::Res => libc::POLLOUT,
            State::End => 0,
        }
    }

    /// Does what the state asks for, once the socket is ready.
    ///
    /// An error of the socket ends the connection; it concerns nobody else.
    pub fn ready(&mut self, protocol: &mut P, scratch: &mut Scratch) {
        let turn = match self.state {
            State::Req => self.receive(protocol, scratch),
            State::Res => self.send(protocol, scratch),
            State::End => Ok(()),
        };
        if let Err(error) = turn
            && !sys::try_again(&error)
        {
            self.state = State::End;
        }
    }

    fn receive(&mut self, protocol: &mut P, scratch: &mut Scratch) -> io::Result<()> {
        let received = sys::read(&self.socket, &mut scratch.input)?;
        if received == 0 {
            self.state = State::End;
            return Ok(());
        }
        self.process(protocol, &scratch.input[..received], &mut scratch.output);
        self.send(protocol, scratch)
    }

    fn process(&mut self, protocol: &mut P, received: &[u8], output: &mut Output) {
        let input = self.input.join(received);
        let mut consumed = 0;
        while consumed < input.len() && self.next == Next::Read && !output.is_full() {
            let progress = protocol.data(&mut self.context, &input[consumed..], output);
            self.next = progress.next;
            if progress.consumed == 0 {
                break;
            }
            consumed += progress.consumed;
        }
        self.input.keep(received, consumed);

        if !output.is_empty() || self.next == Next::End {
            mem::swap(&mut self.output, output);
            self.state = State::Res;
        }
    }

    /// Sends, and handles what is left over, for one turn: then others have theirs, and the
    /// socket is as ready as it was.
    fn send(&mut self, protocol: &mut P, scratch: &mut Scratch) -> io::Result<()> {
        let mut sent = 0;
        while self.state == State::Res && sent < TURN {
            sent += self.output.send(&self.socket)?;
            if !self.output.is_empty() {
                return Ok(());
            }
            scratch.output = mem::take(&mut self.output);
            match self.next {
                Next::Read => self.state = State::Req,
                Next::End => self.state = State::End,
            }
            if self.state == State::Req {
                self.process(protocol, &[], &mut scratch.output);
            }
        }
        Ok(())
    }
}
