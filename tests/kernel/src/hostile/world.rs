//! What there is: time, descriptors and what they stand for, connections, clients.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::fs;

use recording::hostile::{Fault, Hostility, Injected, Script, Seen};
use recording::{Witnessed, Woken};

use super::chance::Chance;
use super::clients::Actor;
use super::connection::Connection;
use super::time::Event;

pub struct World {
    pub orders: Hostility,
    pub chance: Chance,
    /// Nanoseconds since the program began.
    pub now: u64,
    pub calls: u64,
    /// Grows with everything that happens.
    pub moves: u64,
    /// The call at which something last happened.
    pub last_move: u64,
    /// How many deadlines have passed since anything else happened.
    pub deadlines: u32,
    /// Since the first listen(2): before it nothing fails.
    pub listening: bool,
    /// When that was.
    pub began: u64,
    /// What is to come, by its time and in the order in which it was planned.
    pub events: BTreeMap<(u64, u64), Event>,
    pub planned: u64,
    pub things: BTreeMap<usize, Thing>,
    pub descriptors: BTreeMap<i64, usize>,
    pub made: usize,
    pub connections: Vec<Connection>,
    pub clients: Vec<Actor>,
    /// Threads that sleep in a call.
    pub waiting: BTreeMap<u64, Waiter>,
    pub waits: u64,
    /// Real files and folders that may fail.
    pub files: BTreeSet<i64>,
    pub injected: Vec<Injected>,
    pub last: VecDeque<Witnessed>,
    /// When the clients had done everything and left: the server may close what it has.
    pub over: Option<u64>,
    /// What they had then.
    pub seen: Option<Vec<Seen>>,
}

pub struct Waiter {
    pub until: Option<u64>,
    /// What has happened when it went to sleep: [`World::moves`].
    pub knows: u64,
}

/// What a descriptor stands for. Several may stand for the same.
pub struct Thing {
    pub what: What,
    pub descriptors: usize,
    pub nonblocking: bool,
    /// SO_RCVTIMEO and SO_SNDTIMEO, in nanoseconds.
    pub patience: [Option<u64>; 2],
    /// Close with a reset: SO_LINGER with no time.
    pub abrupt: bool,
}

pub enum What {
    Socket {
        family: i64,
        address: Option<String>,
        shares: bool,
    },
    Listener {
        address: String,
        queue: VecDeque<usize>,
        shares: bool,
    },
    /// A connection, by its number.
    Stream {
        connection: usize,
        address: String,
    },
    /// One end of a socketpair(2); None once the other end is closed.
    Pair {
        inbox: VecDeque<u8>,
        other: Option<usize>,
    },
    EventFd {
        value: u64,
        semaphore: bool,
    },
    Epoll {
        entries: Vec<Watched>,
        /// Events for descriptors that are closed by now.
        late: Vec<Woken>,
    },
}

/// What an epoll instance watches.
pub struct Watched {
    pub fd: i64,
    pub thing: usize,
    pub events: u32,
    pub data: u64,
    /// What it was told last, where it asks for edges.
    pub told: u64,
}

impl World {
    pub fn new(orders: Hostility) -> World {
        let script = fs::read(&orders.script).expect("the script can be read");
        let script: Script = serde_json::from_slice(&script).expect("it is a script");
        let chance = Chance::new(&orders);
        let clients = script.clients.into_iter().map(Actor::new).collect();
        World {
            orders,
            chance,
            now: 0,
            calls: 0,
            moves: 0,
            last_move: 0,
            deadlines: 0,
            listening: false,
            began: 0,
            events: BTreeMap::new(),
            planned: 0,
            things: BTreeMap::new(),
            descriptors: BTreeMap::new(),
            made: 0,
            connections: Vec::new(),
            clients,
            waiting: BTreeMap::new(),
            waits: 0,
            files: BTreeSet::new(),
            injected: Vec::new(),
            last: VecDeque::new(),
            over: None,
            seen: None,
        }
    }

    /// Something happened.
    pub fn moved(&mut self) {
        self.moves += 1;
        self.last_move = self.calls;
        self.deadlines = 0;
    }

    pub fn thing(&self, fd: i64) -> Option<&Thing> {
        self.things.get(self.descriptors.get(&fd)?)
    }

    pub fn thing_mut(&mut self, fd: i64) -> Option<&mut Thing> {
        self.things.get_mut(self.descriptors.get(&fd)?)
    }

    pub fn is_ours(&self, fd: i64) -> bool {
        self.descriptors.contains_key(&fd)
    }

    /// The number of the connection that a descriptor stands for.
    pub fn connection_of(&self, fd: i64) -> Option<usize> {
        match self.thing(fd)?.what {
            What::Stream { connection, .. } => Some(connection),
            _ => None,
        }
    }

    /// The client at the other end of a descriptor.
    pub fn client_of(&self, fd: i64) -> Option<String> {
        let client = self.connections[self.connection_of(fd)?].client;
        Some(self.clients[client].script.name.clone())
    }

    /// Writes a fault down.
    pub fn note(&mut self, fault: Fault, fd: i64, what: String) {
        let (call, client) = (self.calls, self.client_of(fd));
        self.injected.push(Injected { call, fault, client, what });
    }
}

impl Thing {
    pub fn new(what: What, nonblocking: bool) -> Thing {
        let (descriptors, patience, abrupt) = (1, [None; 2], false);
        Thing { what, descriptors, nonblocking, patience, abrupt }
    }
}
