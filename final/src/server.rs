//! From an address to a server that runs.

use std::io;
use std::net::SocketAddr;
use std::os::fd::OwnedFd;

use crate::event_loop;
use crate::http::{Application, Http};
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

    /// Serves `application` on this thread, for as long as the process lives.
    ///
    /// Each client takes a descriptor, so the process's limit is raised as far as it goes. Where
    /// that is refused, as many are served as the limit allows.
    pub fn run(&self, application: impl Application) -> ! {
        let _ = sys::raise_descriptor_limit();
        event_loop::run(&self.listener, &mut Http::new(application))
    }
}
