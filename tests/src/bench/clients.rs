//! The clients: as many connections as are wanted, each of which asks again as soon as it has its
//! answers. They look at lengths and statuses only, so that they cost less than any server.

use std::io::{self, ErrorKind, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::os::fd::OwnedFd;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use rustix::buffer::spare_capacity;
use rustix::event::epoll::{self, EventData, EventFlags};
use rustix::io::Errno;
use rustix::time::Timespec;

use super::cores;
use super::response::SUCCESS;

pub struct Clients<'a> {
    pub server: SocketAddr,
    pub request: &'a [u8],
    /// The length of the response, head and content.
    pub response: usize,
    /// How many connections there are at a time.
    pub connections: usize,
    /// How many requests a connection sends in one write.
    pub depth: usize,
    /// Whether the server closes each connection after its answer, and a new one follows.
    pub renewed: bool,
    /// After this time, nobody asks any more.
    pub time: Duration,
    /// How many times somebody asks at most.
    pub most: u64,
    /// How long the server may be silent.
    pub patience: Duration,
}

#[derive(Clone, Copy, Debug)]
pub struct Answered {
    pub requests: u64,
    /// From the first request to the last answer.
    pub time: Duration,
}

impl Clients<'_> {
    /// Each of these cores has its share of the connections.
    ///
    /// Every request that was sent has been answered at the end, by a 200 of the right length:
    /// all else is an error.
    pub fn run(&self, cores: &[usize]) -> io::Result<Answered> {
        let batch = self.request.repeat(self.depth);
        let start = Instant::now();
        let left = AtomicU64::new(self.most);
        let threads = cores.len().min(self.connections);
        let requests = thread::scope(|scope| {
            let shares = (0..threads).map(|thread| {
                let share = (thread..self.connections).step_by(threads).count();
                let crowd = Crowd {
                    clients: self,
                    batch: &batch,
                    end: start + self.time,
                    left: &left,
                };
                let core = cores[thread];
                scope.spawn(move || {
                    cores::stay_on(core)?;
                    crowd.run(share)
                })
            });
            let threads: Vec<_> = shares.collect();
            let results =
                threads.into_iter().map(|thread| thread.join().expect("it ends"));
            results.sum::<io::Result<u64>>()
        })?;
        Ok(Answered { requests, time: start.elapsed() })
    }
}

/// How many requests are made on a connection: servers have limits, and `final`'s is 10,000.
const LIFE: usize = 8_000;

/// The clients of one thread.
struct Crowd<'a> {
    clients: &'a Clients<'a>,
    batch: &'a [u8],
    end: Instant,
    left: &'a AtomicU64,
}

struct Client {
    stream: TcpStream,
    /// How many bytes of the answers are missing. If none is, the end of the connection is.
    missing: usize,
    /// How many requests it has made.
    asked: usize,
}

/// What has become of a client.
enum Turn {
    Waits,
    Answered,
    Ended,
}

impl Crowd<'_> {
    fn run(&self, connections: usize) -> io::Result<u64> {
        let epoll = epoll::create(epoll::CreateFlags::CLOEXEC)?;
        let mut clients = Vec::new();
        for place in 0..connections {
            clients.push(self.next(&epoll, place)?);
        }
        let mut working = clients.iter().flatten().count();
        let mut buffer = vec![0; 256 * 1024];
        let mut events = Vec::with_capacity(connections);
        let patience = Timespec::try_from(self.clients.patience)
            .map_err(|_| io::Error::from(ErrorKind::InvalidInput))?;
        let mut requests = 0;
        while working > 0 {
            events.clear();
            match epoll::wait(&epoll, spare_capacity(&mut events), Some(&patience)) {
                Err(Errno::INTR) => continue,
                Ok(0) => return Err(io::Error::other("the server doesn't answer")),
                waited => waited?,
            };
            for event in &events {
                let place = event.data.u64() as usize;
                let Some(client) = &mut clients[place] else { continue };
                match self.turn(client, &mut buffer)? {
                    Turn::Waits => continue,
                    Turn::Answered if self.clients.renewed => continue,
                    Turn::Answered => {
                        requests += self.clients.depth as u64;
                        if client.asked >= LIFE {
                            clients[place] = self.next(&epoll, place)?;
                        } else if self.goes_on() {
                            self.ask(client)?;
                        } else {
                            clients[place] = None;
                        }
                    }
                    Turn::Ended => {
                        requests += 1;
                        clients[place] = self.next(&epoll, place)?;
                    }
                }
                working -= usize::from(clients[place].is_none());
            }
        }
        Ok(requests)
    }

    /// Whether there is time, and a request, left. If so, the request is taken.
    fn goes_on(&self) -> bool {
        let depth = self.clients.depth as u64;
        let less = |left: u64| left.checked_sub(depth);
        Instant::now() < self.end
            && self.left.fetch_update(Ordering::Relaxed, Ordering::Relaxed, less).is_ok()
    }

    /// A new connection that has asked.
    fn next(&self, epoll: &OwnedFd, place: usize) -> io::Result<Option<Client>> {
        if !self.goes_on() {
            return Ok(None);
        }
        let stream = TcpStream::connect(self.clients.server)?;
        stream.set_nonblocking(true)?;
        epoll::add(epoll, &stream, EventData::new_u64(place as u64), EventFlags::IN)?;
        let mut client = Client { stream, missing: 0, asked: 0 };
        self.ask(&mut client)?;
        Ok(Some(client))
    }

    fn ask(&self, client: &mut Client) -> io::Result<()> {
        let count = client.stream.write(self.batch)?;
        if count < self.batch.len() {
            return Err(io::Error::other("the server doesn't take a whole request"));
        }
        client.missing = self.whole();
        client.asked += self.clients.depth;
        Ok(())
    }

    fn turn(&self, client: &mut Client, buffer: &mut [u8]) -> io::Result<Turn> {
        let count = match client.stream.read(buffer) {
            Err(error) if error.kind() == ErrorKind::WouldBlock => {
                return Ok(Turn::Waits);
            }
            Err(error) if error.kind() == ErrorKind::Interrupted => {
                return Ok(Turn::Waits);
            }
            read => read?,
        };
        let (missing, begins) = (client.missing, client.missing == self.whole());
        let status = &buffer[..count.min(SUCCESS.len())];
        if count == 0 && missing == 0 && self.clients.renewed {
            return Ok(Turn::Ended);
        }
        if count == 0 {
            let sentence = format!(
                "the server closed a connection when {missing} bytes were missing"
            );
            return Err(io::Error::other(sentence));
        }
        if begins && !SUCCESS.starts_with(status) {
            let line = String::from_utf8_lossy(&buffer[..count.min(80)]).into_owned();
            return Err(io::Error::other(format!("an answer isn't a 200: {line:?}")));
        }
        if count > missing {
            return Err(io::Error::other("an answer is longer than the first was"));
        }
        client.missing -= count;
        Ok(if client.missing == 0 { Turn::Answered } else { Turn::Waits })
    }

    /// The length of all answers to a batch.
    fn whole(&self) -> usize {
        self.clients.response * self.clients.depth
    }
}

#[cfg(test)]
#[path = "clients_tests.rs"]
mod tests;
