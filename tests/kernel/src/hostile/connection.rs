//! A connection between a client and the program: the bytes under way in both directions.

use std::collections::VecDeque;

use recording::Errno;

use super::chance::{Chance, Pace};

pub struct Connection {
    /// The client, by its place in the script.
    pub client: usize,
    pub up: Up,
    pub down: Down,
    /// What the next call on the socket is told (`sk_err` of Linux).
    pub error: Option<Errno>,
    /// A reset came: nothing goes either way.
    pub reset: bool,
    /// When the program closed its last descriptor of it.
    pub closed: Option<u64>,
    /// The client takes no byte more and answers each with a reset.
    pub left: bool,
}

/// From the client to the program.
pub struct Up {
    /// What the client has sent and is on its way.
    pub outgoing: VecDeque<u8>,
    /// An end follows behind it.
    pub end_follows: bool,
    /// The program's receive buffer.
    pub received: VecDeque<u8>,
    pub end_received: bool,
    /// The program has shut it down.
    pub shut: bool,
    pub delivered: usize,
    pub room: Room,
    pub pace: Pace,
    /// An event of it is to come.
    pub moves: bool,
}

/// From the program to the client.
pub struct Down {
    /// The program's send buffer.
    pub sending: VecDeque<u8>,
    pub end_follows: bool,
    /// The client's receive buffer.
    pub held: VecDeque<u8>,
    pub end_held: bool,
    pub room: Room,
    pub client_room: usize,
    pub taken: usize,
    pub pace: Pace,
    pub moves: bool,
}

/// How much a buffer holds. It grows as TCP's own do, so that a small one holds up the
/// beginning of a long transfer and not all of it.
pub struct Room {
    most: usize,
    filled: u32,
}

impl Room {
    fn new(most: usize) -> Room {
        Room { most, filled: 0 }
    }

    /// How much more it takes beside what it has.
    pub fn left(&mut self, has: usize) -> usize {
        if has >= self.most {
            self.filled += 1;
            if self.filled.is_multiple_of(8) {
                self.most *= 2;
            }
        }
        self.most.saturating_sub(has)
    }

    /// Whether a waiting writer is told to go on, as tcp_poll() of Linux decides it.
    pub fn is_writable(&self, has: usize) -> bool {
        self.most.saturating_sub(has) > has / 2
    }
}

impl Connection {
    pub fn new(client: usize, chance: &mut Chance) -> Connection {
        let up = Up {
            outgoing: VecDeque::new(),
            end_follows: false,
            received: VecDeque::new(),
            end_received: false,
            shut: false,
            delivered: 0,
            room: Room::new(chance.room()),
            pace: chance.pace(),
            moves: false,
        };
        let down = Down {
            sending: VecDeque::new(),
            end_follows: false,
            held: VecDeque::new(),
            end_held: false,
            room: Room::new(chance.room()),
            client_room: chance.room(),
            taken: 0,
            pace: chance.pace(),
            moves: false,
        };
        let (error, reset, closed, left) = (None, false, None, false);
        Connection { client, up, down, error, reset, closed, left }
    }

    /// The program's socket gets a reset: tcp_reset() of Linux.
    pub fn reset_for_program(&mut self, error: Errno) {
        let after_the_end = self.up.end_received;
        self.error = Some(if after_the_end { Errno(libc::EPIPE) } else { error });
        self.reset = true;
        self.up.outgoing.clear();
        self.down.sending.clear();
    }

    /// What poll(2) says of it, all events: tcp_poll() of Linux.
    pub fn events(&self) -> i16 {
        let mut events = 0;
        let over = self.up.end_received || self.reset || self.up.shut;
        if over {
            events |= libc::POLLIN | libc::POLLRDHUP;
        }
        if !self.up.received.is_empty() {
            events |= libc::POLLIN;
        }
        let writable = self.down.room.is_writable(self.down.sending.len());
        if self.reset || self.down.end_follows || writable {
            events |= libc::POLLOUT;
        }
        if self.reset || over && self.down.end_follows {
            events |= libc::POLLHUP;
        }
        if self.error.is_some() {
            events |= libc::POLLERR;
        }
        events
    }
}
