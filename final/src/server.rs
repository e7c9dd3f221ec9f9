//! From sockets that listen to a server that runs.

use std::io;
use std::net::SocketAddr;
use std::os::fd::OwnedFd;
use std::sync::Arc;
use std::time::Duration;

use crate::event_loop::{EventLoop, Handle};
use crate::http::{Application, Http, Log};
use crate::limits::Limits;
use crate::listener::Listener;
use crate::peers::Proxies;
use crate::poller::Poller;
use crate::sys;

/// How many descriptors a worker takes beside its listeners: those of its poller and its waker.
const OF_A_WORKER: usize = 2;

/// A server that listens: clients can connect, and wait until it runs.
pub struct Server {
    listeners: Vec<Listener>,
}

impl Server {
    /// Listens on `address` alone; port 0 takes a free one. The errors are those of
    /// [`Listener::ip`].
    pub fn bind(address: SocketAddr) -> io::Result<Server> {
        Ok(Server::new(vec![Listener::ip(address, 1)?]))
    }

    /// A server for the clients of these.
    pub fn new(listeners: Vec<Listener>) -> Server {
        Server { listeners }
    }

    /// Where it listens, as `--listen` takes it.
    pub fn places(&self) -> Vec<String> {
        self.listeners.iter().map(Listener::to_string).collect()
    }

    /// The first address that clients connect to, if it isn't for Unix sockets alone.
    pub fn address(&self) -> Option<SocketAddr> {
        self.listeners.iter().find_map(Listener::address)
    }

    /// What it listens with.
    pub fn into_listeners(self) -> Vec<Listener> {
        self.listeners
    }

    /// What one of so many workers listens to; see [`Listener::sockets`].
    pub fn sockets(&self, worker: usize, workers: usize) -> Vec<Arc<OwnedFd>> {
        let sockets = self.listeners.iter().map(|it| it.sockets(worker, workers));
        sockets.flatten().collect()
    }

    /// The limits of this process, for all of so many workers together. Each client takes a descriptor,
    /// so the process's limit is raised as far as it goes. Where that is refused, as many are served as
    /// the limit allows.
    ///
    /// The error is that of getrlimit(2), of which none is known here.
    pub fn limits(&self, workers: usize, proxies: Proxies) -> io::Result<Limits> {
        let _ = sys::raise_descriptor_limit();
        let sockets = (0..workers).map(|worker| self.sockets(worker, workers).len());
        // The first worker's are among those that aren't for clients in any case.
        let more = sockets.sum::<usize>() + workers * OF_A_WORKER - 1 - OF_A_WORKER;
        let descriptors = sys::descriptor_limit()?.saturating_sub(more);
        Ok(Limits::new(descriptors, proxies))
    }

    /// Serves `application` on this thread, on a poller that watches nothing yet, for as long as the
    /// process lives, and tells `log` of each request; `()` is no log. Fails before it begins, if it
    /// does.
    ///
    /// A connection that doesn't get on within `patience` is let go; see [`EventLoop::new`].
    pub fn run(
        &self,
        application: impl Application,
        log: impl Log,
        poller: Box<dyn Poller>,
        limits: Limits,
        patience: Duration,
    ) -> io::Result<()> {
        let (mut http, handle) = (Http::with_log(application, log), Handle::new()?);
        let sockets = self.sockets(0, 1);
        let event_loop =
            EventLoop::new(sockets, &mut http, poller, limits, patience, &handle);
        event_loop?.run();
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::net::TcpStream;

    use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

    use super::*;

    const ANY_PORT: &str = "127.0.0.1:0";

    /// A client of the server, and the server's end of the connection.
    fn connect(server: &Server) -> (TcpStream, TcpStream) {
        let client = TcpStream::connect(server.address().unwrap()).unwrap();
        loop {
            match sys::accept(&server.sockets(0, 1)[0]) {
                Err(error) if sys::try_again(&error) => {}
                accepted => return (client, accepted.unwrap().0.into()),
            }
        }
    }

    #[test]
    fn it_listens_where_it_says() {
        // Some machines have no IPv6.
        let has_v6 = std::net::TcpListener::bind("[::1]:0").is_ok();
        for address in [ANY_PORT, "[::1]:0"].iter().take(1 + usize::from(has_v6)) {
            let address: SocketAddr = address.parse().unwrap();
            let server = Server::bind(address).unwrap();
            let own = server.address().unwrap();
            assert_eq!(own.ip(), address.ip());
            assert_ne!(own.port(), 0);
            assert_eq!(server.places(), [own.to_string()]);
            connect(&server);
        }
    }

    /// Its last connections are still known to the kernel (TIME_WAIT), as it closed them first.
    /// Meanwhile the port may become another program's, but hardly each time.
    #[test]
    fn it_can_be_started_again_at_once() {
        let again = || {
            let server = Server::bind(ANY_PORT.parse().unwrap()).unwrap();
            let (client, connection) = connect(&server);
            drop(connection);
            drop(client);
            let address = server.address().unwrap();
            drop(server);
            Server::bind(address).is_ok()
        };
        assert!((0..10).any(|_| again()));
    }

    /// Nagle's algorithm would hold a short answer back until the one before is acknowledged.
    #[test]
    fn no_answer_waits_for_an_acknowledgement() {
        let server = Server::bind(ANY_PORT.parse().unwrap()).unwrap();
        let (_client, connection) = connect(&server);
        assert!(connection.nodelay().unwrap());
    }

    #[test]
    fn it_takes_all_descriptors_it_may_have() {
        let limit = getrlimit(Resource::Nofile);
        let low = limit.maximum.map(|most| most.min(256));
        setrlimit(Resource::Nofile, Rlimit { current: low, ..limit }).unwrap();
        sys::raise_descriptor_limit().unwrap();
        assert_eq!(getrlimit(Resource::Nofile).current, limit.maximum);
    }
}
