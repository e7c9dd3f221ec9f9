//! From an address to a server that runs.

use std::convert::Infallible;
use std::io;
use std::net::SocketAddr;
use std::os::fd::OwnedFd;
use std::time::Duration;

use crate::event_loop::EventLoop;
use crate::http::{Application, Http, Log};
use crate::poller::Poller;
use crate::sys;

/// A server that listens: clients can connect, and wait until it runs.
pub struct Server {
    listener: OwnedFd,
    address: SocketAddr,
}

impl Server {
    /// Listens on `address`; port 0 takes a free one.
    ///
    /// The errors are those of bind(2): the address is in use, isn't this machine's, or its
    /// port is for root alone.
    pub fn bind(address: SocketAddr) -> io::Result<Server> {
        let listener = sys::socket(&address)?;
        sys::set_option(&listener, libc::SOL_SOCKET, libc::SO_REUSEADDR)?;
        sys::set_option(&listener, libc::IPPROTO_TCP, libc::TCP_NODELAY)?;
        sys::bind(&listener, &address)?;
        sys::listen(&listener)?;
        let address = sys::local_address(&listener)?;
        Ok(Server { listener, address })
    }

    /// The address clients connect to.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Serves `application` on this thread, on a poller that watches nothing yet, for as long as the
    /// process lives, and tells `log` of each request; `()` is no log. Fails before it begins, if it
    /// does.
    ///
    /// A connection that doesn't get on within `patience` is let go; see [`EventLoop::new`].
    ///
    /// Each client takes a descriptor, so the process's limit is raised as far as it goes. Where
    /// that is refused, as many are served as the limit allows.
    pub fn run(
        &self,
        application: impl Application,
        log: impl Log,
        poller: Box<dyn Poller>,
        patience: Duration,
    ) -> io::Result<Infallible> {
        let _ = sys::raise_descriptor_limit();
        let mut http = Http::with_log(application, log);
        EventLoop::new(&self.listener, &mut http, poller, patience)?.run()
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
        let client = TcpStream::connect(server.address()).unwrap();
        loop {
            match sys::accept(&server.listener) {
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
            assert_eq!(server.address().ip(), address.ip());
            assert_ne!(server.address().port(), 0);
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
            let address = server.address();
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
