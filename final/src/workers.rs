//! A thread for each event loop.

use std::io;
use std::os::fd::OwnedFd;
use std::process;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use crate::event_loop::{EventLoop, Handle};
use crate::listener::Listener;
use crate::protocol::Protocol;

/// The exit code of a process whose workers have failed, which is that of a panic in Rust.
const FAILED: i32 = 101;

/// Runs the event loops side by side, the first of them on this thread, and returns when all have ended.
///
/// Fails if the system has no room for the threads. A panic of one ends the process: the clients of the
/// others shouldn't have to find out that a part of the server is gone.
pub fn run<P>(loops: Vec<EventLoop<P>>, drain: &Drain) -> io::Result<()>
where
    P: Protocol<Context: Send> + Send,
{
    thread::scope(|scope| {
        let mut loops = loops.into_iter().zip(1..);
        let first = loops.next();
        for (event_loop, number) in loops {
            let thread = thread::Builder::new().name(format!("worker {number}"));
            let started = thread.spawn_scoped(scope, move || work(event_loop));
            started.inspect_err(|_| drain.begin(Duration::ZERO))?;
        }
        if let Some((event_loop, _)) = first {
            work(event_loop);
        }
        Ok(())
    })
}

fn work<P: Protocol>(mut event_loop: EventLoop<P>) {
    let _together = Together;
    event_loop.run();
}

/// When it is dropped by a panic, the process ends. What went wrong has been said by then.
struct Together;

impl Drop for Together {
    fn drop(&mut self) {
        if thread::panicking() {
            eprintln!("final: a worker has failed, and the others end with it");
            process::exit(FAILED);
        }
    }
}

/// What ends all workers together.
pub struct Drain {
    handles: Vec<Handle>,
    /// What a successor may have of us, until we end.
    listeners: Mutex<Vec<Listener>>,
}

impl Drain {
    /// For so many workers. The errors are those of eventfd(2).
    pub fn new(workers: usize) -> io::Result<Drain> {
        let handles: io::Result<_> = (0..workers).map(|_| Handle::new()).collect();
        Ok(Drain { handles: handles?, listeners: Mutex::default() })
    }

    /// What one of the workers watches.
    pub fn handle(&self, worker: usize) -> &Handle {
        &self.handles[worker]
    }

    /// Keeps these for a successor.
    pub fn keep(&self, listeners: Vec<Listener>) {
        *self.listeners() = listeners;
    }

    /// The sockets that listen at a place, by its whole name.
    pub fn sockets_at(&self, place: &str) -> Vec<Arc<OwnedFd>> {
        let listeners = self.listeners();
        let own = listeners.iter().filter(|listener| listener.name() == place);
        own.flat_map(|listener| listener.sockets(0, 1)).collect()
    }

    /// All workers stop listening, and finish what has begun within `grace`.
    pub fn begin(&self, grace: Duration) {
        let until = Instant::now() + grace;
        self.listeners().clear();
        self.handles.iter().for_each(|handle| handle.drain(until));
    }

    fn listeners(&self) -> MutexGuard<'_, Vec<Listener>> {
        self.listeners.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use std::env;
    use std::io::Write;
    use std::net::TcpStream;
    use std::process::Command;

    use super::*;
    use crate::buffers::Output;
    use crate::limits::Limits;
    use crate::peers::{Peer, Proxies};
    use crate::poller::Kind;
    use crate::protocol::Progress;
    use crate::server::Server;

    /// Whoever says anything makes it panic.
    struct Fragile;

    impl Protocol for Fragile {
        type Context = ();

        fn open(&mut self, _: Peer) {}

        fn data(&mut self, (): &mut (), _: &[u8], _: &mut Output) -> Progress {
            panic!("it breaks");
        }
    }

    /// Serves, and breaks one of its workers.
    fn break_worker(number: usize) {
        // If it doesn't end the process, the test below isn't to wait for ever.
        thread::spawn(|| {
            thread::sleep(Duration::from_secs(60));
            process::exit(3);
        });
        let server = Server::bind("127.0.0.1:0".parse().unwrap()).unwrap();
        let mut client = TcpStream::connect(server.address().unwrap()).unwrap();
        client.write_all(b"x").unwrap();
        let (mut protocols, drain) = ([Fragile, Fragile], Drain::new(2).unwrap());
        // Only one of them listens, and the other would wait for ever.
        let event_loop = |(worker, protocol)| {
            let sockets = server.sockets(0, 1).into_iter();
            let sockets = sockets.filter(|_| worker == number).collect();
            let (poller, limits) =
                (Kind::Epoll.open().unwrap(), Limits::new(100, Proxies::default()));
            let patience = Duration::from_secs(60);
            let handle = drain.handle(worker);
            EventLoop::new(sockets, protocol, poller, limits, patience, handle).unwrap()
        };
        let loops = protocols.iter_mut().enumerate().map(event_loop).collect();
        run(loops, &drain).unwrap();
    }

    /// The process that ends is another, which runs this test with a number.
    #[test]
    fn a_worker_that_panics_ends_the_process() {
        if let Ok(number) = env::var("BREAKS") {
            return break_worker(number.parse().unwrap());
        }
        for breaks in ["0", "1"] {
            let name = "workers::tests::a_worker_that_panics_ends_the_process";
            let output = Command::new(env::current_exe().unwrap())
                .args(["--exact", "--nocapture", name])
                .env("BREAKS", breaks)
                .output()
                .unwrap();
            let stderr = String::from_utf8_lossy(&output.stderr);
            assert_eq!(output.status.code(), Some(FAILED), "{stderr}");
            assert!(stderr.contains("it breaks"), "{stderr}");
            assert!(stderr.contains("a worker has failed"), "{stderr}");
        }
    }
}
