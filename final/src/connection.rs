//! One connection: its state, and what it owns while bytes wait. It makes no system call.

use std::fs::File;
use std::mem;
use std::ops::Range;

use crate::buffers::{Front, Leftover, Output, QUOTA};
use crate::protocol::{Next, Protocol};

/// Where a connection stands.
#[derive(Clone, Copy, PartialEq)]
enum State {
    /// Input is awaited.
    Req,
    /// Output waits to be sent; what arrives meanwhile isn't read.
    Res,
    /// The output is sent, and the peer is to be told that it was all.
    Shut,
    /// The peer may still be sending: what arrives is read and dropped.
    Linger,
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
    /// The peer to be told that nothing follows: shutdown(2). See [`Connection::shut`].
    Shut,
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
    /// How many bytes have been consumed or sent since the last milestone.
    moved: u32,
}

impl<P: Protocol> Connection<P> {
    /// A connection that waits for its first byte.
    pub fn new(context: P::Context) -> Connection<P> {
        let (input, output) = (Leftover::default(), Output::default());
        let (state, next) = (State::Req, Next::Rest);
        Connection { state, next, context, input, output, moved: 0 }
    }

    /// What is to happen next.
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

    /// Whether nothing has begun, or all has been answered, so that hardly anything is lost if the
    /// connection is closed.
    pub fn is_idle(&self) -> bool {
        let is_between = self.state == State::Req && self.next == Next::Rest;
        is_between || self.state == State::Linger
    }

    /// How many bytes it holds, beside its own.
    pub fn held(&self, protocol: &P) -> usize {
        let buffers = self.input.capacity() + self.output.capacity();
        buffers + protocol.held(&self.context)
    }

    /// Whether it has come so far since the last call that it deserves a new deadline: it does
    /// something else now than it did then, or [`QUOTA`] bytes have moved. The bytes of a message
    /// that can't be handled yet haven't.
    pub fn milestone(&mut self) -> bool {
        let is_reached = self.moved >= QUOTA;
        if is_reached {
            self.moved = 0;
        }
        is_reached
    }

    /// These bytes have arrived; none are the end of what the peer sends. `spare` is an empty
    /// output, whose memory is lent.
    pub fn received(&mut self, protocol: &mut P, bytes: &[u8], spare: &mut Output) {
        match bytes {
            b"" => self.state = State::End,
            _ if self.state == State::Linger => {}
            _ => self.handle(protocol, bytes, spare),
        }
    }

    /// So many bytes of what it wanted to be sent are on their way. `spare` is an empty output,
    /// whose memory is lent.
    pub fn sent(&mut self, protocol: &mut P, count: usize, spare: &mut Output) {
        self.output.advance(count);
        self.moved += count as u32;
        if self.output.is_empty() {
            *spare = mem::take(&mut self.output);
            protocol.sent(&mut self.context);
            self.handle(protocol, b"", spare);
        }
    }

    /// The peer has been told that nothing follows.
    pub fn shut(&mut self) {
        self.state = State::Linger;
    }

    /// Its deadline has passed. If a message has begun, the protocol may still say something, in
    /// `output`, which is empty.
    pub fn late(&mut self, protocol: &mut P, output: &mut Output) {
        if self.state != State::Req || self.next == Next::Rest {
            self.state = State::End;
            return;
        }
        protocol.late(&mut self.context, self.input.join(b""), output);
        self.next = Next::Linger;
        self.handle(protocol, b"", output);
    }

    /// It is idle, and has been for long enough: the peer is told that nothing follows. If it has been
    /// told already, the connection ends.
    pub fn finish(&mut self) {
        self.state = match self.state {
            State::Req => State::Shut,
            _ => State::End,
        };
    }

    /// It is over.
    pub fn close(self, protocol: &mut P) {
        protocol.close(self.context, self.output.length());
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::peers::Peer;
    use crate::protocol::Progress;

    /// Takes a byte at a time, and answers each but `-` with itself. A `.` ends the connection, a `!`
    /// does so while the client may be sending, and a `(` is the begin of something that `)` ends.
    struct Bytes;

    impl Protocol for Bytes {
        type Context = ();

        fn open(&mut self, _: Peer) {}

        fn data(&mut self, (): &mut (), input: &[u8], output: &mut Output) -> Progress {
            let next = match input {
                [b'.', ..] => Next::End,
                [b'!', ..] => Next::Linger,
                [b'('] => return Progress { consumed: 0, next: Next::Read },
                _ => Next::Rest,
            };
            if input[0] != b'-' {
                output.push(&input[..1]);
            }
            Progress { consumed: 1, next }
        }

        fn late(&mut self, (): &mut (), _: &[u8], output: &mut Output) {
            output.push(b"late");
        }
    }

    fn wants(connection: &Connection<Bytes>) -> String {
        match connection.wants() {
            Wants::Receive => "receive".into(),
            Wants::Send { bytes, .. } => String::from_utf8_lossy(bytes).into(),
            Wants::SendFile { .. } => "a file".into(),
            Wants::Shut => "shut".into(),
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
    fn it_lingers_until_the_peer_ends() {
        let (mut connection, mut spare) = (Connection::new(()), Output::default());
        connection.received(&mut Bytes, b"!abc", &mut spare);
        assert_eq!(wants(&connection), "!");
        connection.sent(&mut Bytes, 1, &mut spare);
        assert_eq!(wants(&connection), "shut");
        connection.shut();
        assert!(connection.milestone());
        connection.received(&mut Bytes, &[b'x'; QUOTA as usize], &mut spare);
        assert_eq!(wants(&connection), "receive");
        assert!(!connection.milestone());
        connection.received(&mut Bytes, b"", &mut spare);
        assert_eq!(wants(&connection), "the end");
    }

    #[test]
    fn only_a_message_that_has_begun_gets_an_answer_when_it_is_late() {
        for (input, answer) in [("", "the end"), ("-", "the end"), ("(", "late")] {
            let (mut connection, mut spare) = (Connection::new(()), Output::default());
            if !input.is_empty() {
                connection.received(&mut Bytes, input.as_bytes(), &mut spare);
            }
            assert_eq!(connection.is_idle(), input != "(");
            connection.late(&mut Bytes, &mut spare);
            assert_eq!(wants(&connection), answer, "{input}");
        }
    }

    /// Each has a new deadline: what begins, what ends, and what has come on by a quota.
    #[test]
    fn milestones_are_few() {
        let (mut connection, mut spare) = (Connection::new(()), Output::default());
        assert!(!connection.milestone());
        connection.received(&mut Bytes, b"(", &mut spare);
        assert!(connection.milestone() && !connection.milestone());
        connection.received(&mut Bytes, &[b'-'; QUOTA as usize - 1], &mut spare);
        assert!(connection.milestone() && !connection.milestone());
        connection.received(&mut Bytes, &[b'x'; QUOTA as usize + 2], &mut spare);
        assert!(connection.milestone());
        connection.sent(&mut Bytes, QUOTA as usize - 1, &mut spare);
        assert!(!connection.milestone());
        connection.sent(&mut Bytes, 1, &mut spare);
        assert!(connection.milestone() && !connection.milestone());
        connection.sent(&mut Bytes, 2, &mut spare);
        assert!(connection.milestone());
    }

    #[test]
    fn an_idle_connection_is_finished_in_two_steps() {
        let (mut connection, mut spare) = (Connection::new(()), Output::default());
        connection.finish();
        assert_eq!(wants(&connection), "shut");
        connection.shut();
        connection.received(&mut Bytes, b"a", &mut spare);
        assert_eq!(wants(&connection), "receive");
        connection.finish();
        assert_eq!(wants(&connection), "the end");
    }

    #[test]
    fn the_end_of_the_input_is_the_end() {
        let (mut connection, mut spare) = (Connection::new(()), Output::default());
        connection.received(&mut Bytes, b"", &mut spare);
        assert_eq!(wants(&connection), "the end");
    }
}
