use std::fs::File;
use std::mem;
use std::ops::Range;

use crate::buffers::{Front, Leftover, Output, QUOTA};
use crate::protocol::{Next, Protocol};

#[derive(Clone, Copy, PartialEq)]
enum State {
    Req,
    Res,
    Shut,
    Linger,
    End,
}

pub enum Wants<'a> {
    Receive,
    Send { bytes: &'a [u8], more: bool },
    SendFile { file: &'a File, range: Range<u64> },
    Shut,
    End,
}

pub struct Connection<P: Protocol> {
    state: State,
    next: Next,
    context: P::Context,
    input: Leftover,
    output: Output,
    moved: u32,
}

impl<P: Protocol> Connection<P> {
    pub fn new(context: P::Context) -> Connection<P> {
        let (input, output) = (Leftover::default(), Output::default());
        let (state, next) = (State::Req, Next::Rest);
        Connection { state, next, context, input, output, moved: 0 }
    }

    pub fn wants(&self) -> Wants<'_> {
        match self.state {
            State::Req | State::Linger => Wants::Receive,
            State::Res => match self.output.front() {
                Front::Bytes { bytes, more } => Wants::Send { bytes, more },
                Front::File { file, range } => Wants::SendFile { file, range },
            },
            State::Shut => Wants::Shut,
            State::End => Wants::End,
        }
    }

    pub fn is_idle(&self) -> bool {
        let is_between = self.state == State::Req && self.next == Next::Rest;
        is_between || self.state == State::Linger
    }

    pub fn held(&self, protocol: &P) -> usize {
        let buffers = self.input.capacity() + self.output.capacity();
        buffers + protocol.held(&self.context)
    }

    pub fn milestone(&mut self) -> bool {
        let is_reached = self.moved >= QUOTA;
        if is_reached {
            self.moved = 0;
        }
        is_reached
    }

    pub fn received(&mut self, protocol: &mut P, bytes: &[u8], spare: &mut Output) {
        match bytes {
            b"" => self.state = State::End,
            _ if self.state == State::Linger => {}
            _ => self.handle(protocol, bytes, spare),
        }
    }

    pub fn sent(&mut self, protocol: &mut P, count: usize, spare: &mut Output) {
        self.output.advance(count);
        self.moved += count as u32;
        if self.output.is_empty() {
            *spare = mem::take(&mut self.output);
            self.handle(protocol, b"", spare);
        }
    }

    pub fn shut(&mut self) {
        self.state = State::Linger;
    }

    pub fn late(&mut self, protocol: &mut P, output: &mut Output) {
        if self.state != State::Req || self.next == Next::Rest {
            self.state = State::End;
            return;
        }
        protocol.late(&mut self.context, output);
        self.next = Next::Linger;
        self.handle(protocol, b"", output);
    }

    fn handle(&mut self, protocol: &mut P, received: &[u8], output: &mut Output) {
        let before = (self.state, self.next);
        let input = self.input.join(received);
        let mut consumed = 0;
        while consumed < input.len()
            && !matches!(self.next, Next::Linger | Next::End)
            && !output.is_full()
        {
            let progress = protocol.data(&mut self.context, &input[consumed..], output);
            self.next = progress.next;
            if progress.consumed == 0 {
                break;
            }
            consumed += progress.consumed;
        }
        self.input.keep(received, consumed);
        self.moved += consumed as u32;

        if !output.is_empty() {
            mem::swap(&mut self.output, output);
        }
        self.state = match self.next {
            _ if !self.output.is_empty() => State::Res,
            Next::Linger => State::Shut,
            Next::End => State::End,
            _ => State::Req,
        };
        if (self.state, self.next) != before {
            self.moved = QUOTA;
        }
    }
}
