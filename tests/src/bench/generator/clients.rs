//! The clients: as many connections as are wanted, each of which asks again as soon as it has its
//! answers. They look at lengths and statuses only, so that they cost less than any server.

use std::io::{self, ErrorKind, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::os::fd::OwnedFd;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use hdrhistogram::Histogram;
use procfs::process::Process;
use rustix::buffer::spare_capacity;
use rustix::event::epoll::{self, EventData, EventFlags};
use rustix::io::Errno;
use rustix::time::Timespec;

use super::awaited::{Answer, Awaited};
use crate::system::core::stay_on;

pub struct Clients<'a> {
    pub server: SocketAddr,
    pub request: &'a [u8],
    pub answer: Answer,
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

#[derive(Debug)]
pub struct Answered {
    pub requests: u64,
    /// From the first request to the last answer.
    pub time: Duration,
    pub latencies: Latencies,
    /// The share of this time in which the busiest of the clients' cores worked for them.
    pub busy: f64,
    /// The largest share in which one of them was another program's while they wanted it.
    pub waited: f64,
}

/// How long each request took, from its write to the last byte of its answer; of requests in one
/// write, to the last byte of the last. In nanoseconds.
pub type Latencies = Histogram<u64>;

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
        let shares = thread::scope(|scope| {
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
                    stay_on(core)?;
                    crowd.watched(share)
                })
            });
            let threads: Vec<_> = shares.collect();
            let results =
                threads.into_iter().map(|thread| thread.join().expect("it ends"));
            results.collect::<io::Result<Vec<Share>>>()
        })?;
        let time = start.elapsed();
        let of = |part: Duration| part.div_duration_f64(time);
        let mut all = Answered {
            requests: 0,
            time,
            latencies: latencies(),
            busy: 0.0,
            waited: 0.0,
        };
        for share in shares {
            all.requests += share.requests;
            all.latencies.add(share.latencies).expect("they have the same bounds");
            all.busy = all.busy.max(of(share.busy));
            all.waited = all.waited.max(of(share.waited));
        }
        Ok(all)
    }
}

/// Three digits of each, from a microsecond to a minute.
fn latencies() -> Latencies {
    Histogram::new_with_bounds(1_000, 60_000_000_000, 3).expect("these bounds are right")
}

/// What one thread did, and what it had of its core.
struct Share {
    requests: u64,
    latencies: Latencies,
    busy: Duration,
    waited: Duration,
}

/// How long this thread has had a core, and how long it has wanted one: proc(5), `schedstat`.
fn on_core() -> io::Result<(Duration, Duration)> {
    let thread = rustix::thread::gettid().as_raw_nonzero().get();
    let reading = Process::myself()
        .and_then(|process| process.task_from_tid(thread))
        .and_then(|thread| thread.schedstat())
        .map_err(io::Error::other)?;
    let [busy, waited] =
        [reading.sum_exec_runtime, reading.run_delay].map(Duration::from_nanos);
    Ok((busy, waited))
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
    /// If nothing is, the end of the connection is.
    awaited: Awaited,
    /// How many requests it has made.
    asked: usize,
    /// When it made the last.
    since: Instant,
}

/// What has become of a client.
enum Turn {
    Waits,
    Answered,
    Ended,
}

impl Crowd<'_> {
    fn watched(&self, connections: usize) -> io::Result<Share> {
        let mut latencies = latencies();
        let (busy, waited) = on_core()?;
        let requests = self.run(connections, &mut latencies)?;
        let (busy_then, waited_then) = on_core()?;
        Ok(Share {
            requests,
            latencies,
            busy: busy_then - busy,
            waited: waited_then - waited,
        })
    }

    fn run(&self, connections: usize, latencies: &mut Latencies) -> io::Result<u64> {
        let depth = self.clients.depth as u64;
        let epoll = epoll::create(epoll::CreateFlags::CLOEXEC)?;
        let mut clients = Vec::new();
        for place in 0..connections {
            clients.push(self.next(&epoll, place, Instant::now())?);
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
                let turn = self.turn(client, &mut buffer)?;
                if let Turn::Waits = turn {
                    continue;
                }
                let now = Instant::now();
                if let Turn::Answered = turn {
                    let time = now - client.since;
                    latencies.saturating_record_n(time.as_nanos() as u64, depth);
                }
                match turn {
                    Turn::Waits => {}
                    Turn::Answered if self.clients.renewed => continue,
                    Turn::Answered => {
                        requests += depth;
                        if client.asked >= LIFE {
                            clients[place] = self.next(&epoll, place, now)?;
                        } else if self.goes_on(now) {
                            self.ask(client, now)?;
                        } else {
                            clients[place] = None;
                        }
                    }
                    Turn::Ended => {
                        requests += 1;
                        clients[place] = self.next(&epoll, place, now)?;
                    }
                }
                working -= usize::from(clients[place].is_none());
            }
        }
        Ok(requests)
    }

    /// Whether there is time, and a request, left. If so, the request is taken.
    fn goes_on(&self, now: Instant) -> bool {
        let depth = self.clients.depth as u64;
        let less = |left: u64| left.checked_sub(depth);
        now < self.end
            && self.left.fetch_update(Ordering::Relaxed, Ordering::Relaxed, less).is_ok()
    }

    /// A new connection that has asked.
    fn next(
        &self,
        epoll: &OwnedFd,
        place: usize,
        now: Instant,
    ) -> io::Result<Option<Client>> {
        if !self.goes_on(now) {
            return Ok(None);
        }
        let stream = TcpStream::connect(self.clients.server)?;
        stream.set_nonblocking(true)?;
        epoll::add(epoll, &stream, EventData::new_u64(place as u64), EventFlags::IN)?;
        let awaited = self.awaited();
        let mut client = Client { stream, awaited, asked: 0, since: now };
        self.ask(&mut client, now)?;
        Ok(Some(client))
    }

    fn ask(&self, client: &mut Client, now: Instant) -> io::Result<()> {
        let count = client.stream.write(self.batch)?;
        if count < self.batch.len() {
            return Err(io::Error::other("the server doesn't take a whole request"));
        }
        client.awaited = self.awaited();
        client.asked += self.clients.depth;
        client.since = now;
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
        if count == 0 && client.awaited.is_complete() && self.clients.renewed {
            return Ok(Turn::Ended);
        }
        if count == 0 {
            return Err(io::Error::other(
                "the server closed a connection before all answers had come",
            ));
        }
        client.awaited.take(&buffer[..count])?;
        Ok(if client.awaited.is_complete() { Turn::Answered } else { Turn::Waits })
    }

    /// All answers to a batch.
    fn awaited(&self) -> Awaited {
        Awaited::new(self.clients.answer, self.clients.depth)
    }
}

#[cfg(test)]
#[path = "clients_tests.rs"]
mod tests;
