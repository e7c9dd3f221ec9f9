use std::mem;

use crate::buffers::{Leftover, Output};
use crate::protocol::{Next, Protocol};

#[derive(Clone, Copy)]
enum State {
    Req,
    Res,
    End,
}

pub enum Wants<'a> {
    Receive,
    Send { bytes: &'a [u8], more: bool },
    End,
}

pub struct Connection<P: Protocol> {
    state: State,
    next: Next,
    context: P::Context,
    input: Leftover,
    output: Output,
}

impl<P: Protocol> Connection<P> {
    pub fn new(context: P::Context) -> Connection<P> {
        let (input, output) = (Leftover::default(), Output::default());
        Connection { state: State::Req, next: Next::Read, context, input, output }
    }

    pub fn wants(&self) -> Wants<'_> {
        match self.state {
            State::Req => Wants::Receive,
            State::Res => {
                let (bytes, more) = self.output.front();
                Wants::Send { bytes, more }
            }
            State::End => Wants::End,
        }
    }

    pub fn received(&mut self, protocol: &mut P, bytes: &[u8], spare: &mut Output) {
        match bytes {
            b"" => self.state = State::End,
            _ => self.handle(protocol, bytes, spare),
        }
    }

    pub fn sent(&mut self, protocol: &mut P, count: usize, spare: &mut Output) {
        self.output.advance(count);
        if self.output.is_empty() {
            *spare = mem::take(&mut self.output);
            self.handle(protocol, b"", spare);
        }
    }

    fn handle(&mut self, protocol: &mut P, received: &[u8], output: &mut Output) {
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

        if !output.is_empty() {
            mem::swap(&mut self.output, output);
        }
        self.state = match self.next {
            _ if !self.output.is_empty() => State::Res,
            Next::Read => State::Req,
            Next::End => State::End,
        };
    }
}
