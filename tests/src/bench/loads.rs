//! The loads, and what one of them costs a server.

use std::io;
use std::time::Duration;

use super::clients::Clients;
use super::contestant::Contestant;
use super::idle::Idle;

/// What the clients ask for, and how.
pub struct Load {
    /// What the command line calls it.
    pub key: &'static str,
    pub name: &'static str,
    pub file: &'static str,
    pub length: usize,
    /// How many requests a client sends at a time.
    pub depth: usize,
    /// Whether each request has a connection of its own.
    pub renewed: bool,
    /// How many other connections are open and silent.
    pub idle: usize,
    /// How much of the bare loop's processor time `final` should take at most.
    pub aim: Option<f64>,
}

const SMALL: Load = Load {
    key: "small",
    name: "a small file, 13 bytes",
    file: "small.txt",
    length: 13,
    depth: 1,
    renewed: false,
    idle: 0,
    aim: None,
};

pub const LOADS: &[Load] = &[
    SMALL,
    Load {
        key: "pipelined",
        name: "a small file, 16 requests in one write",
        depth: 16,
        aim: Some(1.75),
        ..SMALL
    },
    Load {
        key: "1k",
        name: "a file of 1 KiB",
        file: "1k.bin",
        length: 1 << 10,
        aim: Some(1.20),
        ..SMALL
    },
    Load { key: "1m", name: "a file of 1 MiB", file: "1m.bin", length: 1 << 20, ..SMALL },
    Load {
        key: "new",
        name: "a small file, a new connection for each",
        renewed: true,
        ..SMALL
    },
    Load {
        key: "idle",
        name: "a small file, beside 5,000 idle connections",
        idle: 5000,
        ..SMALL
    },
];

impl Load {
    /// One request as a client sends it.
    pub fn request(&self) -> Vec<u8> {
        let close = if self.renewed { "Connection: close\r\n" } else { "" };
        format!("GET /{} HTTP/1.1\r\nHost: localhost\r\n{close}\r\n", self.file).into()
    }

    /// Each new connection leaves a port behind that is taken for a minute.
    fn most(&self) -> u64 {
        if self.renewed { 20_000 } else { u64::MAX }
    }
}

/// How long, and by how many.
#[derive(Clone, Copy, Debug)]
pub struct Run {
    pub connections: usize,
    pub time: Duration,
    /// How long a server may be silent.
    pub patience: Duration,
}

/// What a load cost a server.
#[derive(Clone, Copy, Debug)]
pub struct Measured {
    pub requests: u64,
    /// For one request, user and system.
    pub cpu: Duration,
    pub per_second: f64,
    /// The share of its core that it took. If that isn't all, it waited for its clients.
    pub busy: f64,
    /// By how many bytes the server grew for each idle connection, if it had some.
    pub idle_memory: Option<f64>,
}

impl Load {
    /// After a moment of warming up.
    pub fn measure(
        &self,
        contestant: &Contestant,
        run: &Run,
        cores: &[usize],
    ) -> io::Result<Measured> {
        let request = self.request();
        let before = contestant.readings().memory;
        let idle = Idle::open(contestant.address(), &request, self.idle, run.patience)?;
        let grown = contestant.readings().memory.saturating_sub(before) as f64;

        let clients = Clients {
            server: contestant.address(),
            request: &request,
            response: contestant.response,
            connections: run.connections,
            depth: self.depth,
            renewed: self.renewed,
            time: run.time.min(Duration::from_millis(500)),
            most: self.most() / 20,
            patience: run.patience,
        };
        clients.run(cores)?;
        let clients = Clients { time: run.time, most: self.most(), ..clients };
        let before = contestant.readings().cpu;
        let answered = clients.run(cores)?;
        let cpu = contestant.readings().cpu.saturating_sub(before);
        idle.still_open()?;
        if answered.requests == 0 || cpu.is_zero() {
            return Err(io::Error::other("nothing was measured"));
        }
        Ok(Measured {
            requests: answered.requests,
            cpu: cpu.div_f64(answered.requests as f64),
            per_second: answered.requests as f64 / answered.time.as_secs_f64(),
            busy: cpu.div_duration_f64(answered.time),
            idle_memory: (self.idle > 0).then(|| grown / self.idle as f64),
        })
    }
}
