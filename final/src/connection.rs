//! One connection: its state, and what it owns while bytes wait. It makes no system call.

use std::fs::File;
use std::mem;
use std::ops::Range;

use crate::buffers::{Front, Leftover, Output};
use crate::protocol::{Next, Protocol};

/// Where a connection stands.
#[derive(Clone, Copy)]
enum State {
    /// Input is awaited.
    Req,
    /// Output waits to be sent; what arrives meanwhile isn't read.
    Res,
    /// To be closed.
    End,
}

/// What a connection wants to happen next. It is one thing at a time.
pub enum Wants<'a> {
    /// Bytes from the peer; see [`Connection::received`].
    Receive,
    /// These bytes to be sent; see [`Connection::sent`]. If there is `more`, it follows at once.
    Send {
        bytes: &'a [u8],
        more: bool,
    },
    /// This part of a file to be sent, of which there is some.
    SendFile {
        file: &'a File,
        range: Range<u64>,
    },
    End,
}

/// A client that has connected.
///
/// Whoever has its socket makes the calls: asks what the connection wants, and tells it what has
/// been done.
pub struct Connection<P: Protocol> {
    state: State,
    next: Next,
    context: P::Context,
    input: Leftover,
    output: Output,
}

impl<P: Protocol> Connection<P> {
    /// A connection that waits for its first byte.
    pub fn new(context: P::Context) -> Connection<P> {
        let (input, output) = (Leftover::default(), Output::default());
        Connection { state: State::Req, next: Next::Read, context, input, output }
    }

    /// What is to happen next.
    pub fn wants(&self) -> Wants<'_> {
        match self.state {
            State::Req => Wants::Receive,
            State::Res => match self.output.front() {
                Front::Bytes { bytes, more } => Wants::Send { bytes, more },
                Front::File { file, range } => Wants::SendFile { file, range },
            },
            State::End => Wants::End,
        }
    }

    /// These bytes have arrived; none are the end of what the peer sends. `spare` is an empty
    /// output, whose memory is lent.
    pub fn received(&mut self, protocol: &mut P, bytes: &[u8], spare: &mut Output) {
        match bytes {
            b"" => self.state = State::End,
            _ => self.handle(protocol, bytes, spare),
        }
    }

    /// So many bytes of what it wanted to be sent are on their way. `spare` is an empty output,
    /// whose memory is lent.
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocol::Progress;

    /// Takes a byte at a time, and answers each but `-` with itself; `.` ends the connection.
    struct Bytes;

    impl Protocol for Bytes {
        type Context = ();

        fn open(&mut self) {}

        fn data(&mut self, (): &mut (), input: &[u8], output: &mut Output) -> Progress {
            let next = if input[0] == b'.' { Next::End } else { Next::Read };
            if input[0] != b'-' {
                output.push(&input[..1]);
            }
            Progress { consumed: 1, next }
        }
    }

    fn wants(connection: &Connection<Bytes>) -> String {
        match connection.wants() {
            Wants::Receive => "receive".into(),
            Wants::Send { bytes, .. } => String::from_utf8_lossy(bytes).into(),
            Wants::SendFile { .. } => "a file".into(),
            Wants::End => "the end".into(),
        }
    }

    #[test]
    fn it_wants_one_thing_at_a_time() {
        let (mut connection, mut spare) = (Connection::new(()), Output::default());
        assert_eq!(wants(&connection), "receive");
        connection.received(&mut Bytes, b"--", &mut spare);
        assert_eq!(wants(&connection), "receive");
        connection.received(&mut Bytes, b"a-b", &mut spare);
        assert_eq!(wants(&connection), "ab");
        connection.sent(&mut Bytes, 1, &mut spare);
        assert_eq!(wants(&connection), "b");
        connection.sent(&mut Bytes, 1, &mut spare);
        assert_eq!(wants(&connection), "receive");
        connection.received(&mut Bytes, b"c.d", &mut spare);
        assert_eq!(wants(&connection), "c.");
        connection.sent(&mut Bytes, 2, &mut spare);
        assert_eq!(wants(&connection), "the end");
    }

    #[test]
    fn the_end_of_the_input_is_the_end() {
        let (mut connection, mut spare) = (Connection::new(()), Output::default());
        connection.received(&mut Bytes, b"", &mut spare);
        assert_eq!(wants(&connection), "the end");
    }
}
