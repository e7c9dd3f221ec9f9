use std::io;
use std::mem;
use std::os::fd::OwnedFd;

use libc::c_short;

use crate::buffers::{Leftover, Output, Scratch};
use crate::protocol::{Next, Protocol};
use crate::sys;

#[derive(Clone, Copy, PartialEq)]
pub enum State {
    Req,
    Res,
    End,
}

pub struct Connection<P: Protocol> {
    pub socket: OwnedFd,
    pub state: State,
    next: Next,
    context: P::Context,
    input: Leftover,
    output: Output,
}

impl<P: Protocol> Connection<P> {
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

    pub fn interest(&self) -> c_short {
        match self.state {
            State::Req => libc::POLLIN,
            State::Res => libc::POLLOUT,
            State::End => 0,
        }
    }

    pub fn ready(&mut self, protocol: &mut P, scratch: &mut Scratch) {
        let turn = match self.state {
            State::Req => self.receive(protocol, scratch),
            State::Res => self.send(scratch),
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
        let received = &scratch.input[..received];
        let input = self.input.join(received);
        let progress = protocol.data(&mut self.context, input, &mut scratch.output);
        self.input.keep(received, progress.consumed);
        self.next = progress.next;

        mem::swap(&mut self.output, &mut scratch.output);
        self.state = State::Res;
        self.send(scratch)
    }

    fn send(&mut self, scratch: &mut Scratch) -> io::Result<()> {
        self.output.send(&self.socket)?;
        if self.output.is_empty() {
            scratch.output = mem::take(&mut self.output);
            self.state = match self.next {
                Next::Read => State::Req,
                Next::End => State::End,
            };
        }
        Ok(())
    }
}
