//! Sockets that listen.

use std::fmt;
use std::fs;
use std::io::{self, ErrorKind};
use std::net::SocketAddr;
use std::os::fd::OwnedFd;
use std::os::unix::fs::FileTypeExt;
use std::os::unix::net::{UnixDatagram, UnixListener};
use std::path::{self, Path, PathBuf};
use std::sync::Arc;

use crate::sys;

/// A place where clients can connect, and wait until they are served.
pub struct Listener {
    /// They don't block. Each has a queue of its own.
    sockets: Vec<Arc<OwnedFd>>,
    place: Place,
}

enum Place {
    Ip(SocketAddr),
    Unix(PathBuf),
}

/// As `--listen` takes it.
impl fmt::Display for Listener {
    fn fmt(&self, out: &mut fmt::Formatter) -> fmt::Result {
        match &self.place {
            Place::Ip(address) => address.fmt(out),
            Place::Unix(path) => write!(out, "unix:{}", path.display()),
        }
    }
}

impl Listener {
    /// Listens on `address`, with a socket for each worker: the kernel shares clients out among them
    /// (socket(7), `SO_REUSEPORT`). Port 0 takes a free one. `[::]` is all addresses of IPv6 and none of
    /// IPv4, whatever the system's default is (ipv6(7), `IPV6_V6ONLY`).
    ///
    /// The errors are those of bind(2): the address is in use, isn't this machine's, or its
    /// port is for root alone.
    ///
    /// The first socket listens before it shares its address, so it is refused if any other program
    /// listens there, be it one that shares.
    pub fn ip(address: SocketAddr, workers: usize) -> io::Result<Listener> {
        let first = unbound(&address)?;
        sys::bind(&first, &address)?;
        sys::listen(&first)?;
        let address = sys::local_address(&first)?;
        let mut sockets = vec![Arc::new(first)];
        if workers > 1 {
            sys::set_option(&sockets[0], libc::SOL_SOCKET, libc::SO_REUSEPORT)?;
        }
        for _ in 1..workers {
            let socket = unbound(&address)?;
            sys::set_option(&socket, libc::SOL_SOCKET, libc::SO_REUSEPORT)?;
            sys::bind(&socket, &address)?;
            sys::listen(&socket)?;
            sockets.push(Arc::new(socket));
        }
        Ok(Listener { sockets, place: Place::Ip(address) })
    }

    /// Listens on a Unix socket at `path`, in place of one that is left over from a process that has
    /// ended. The umask says who may connect: whoever may write to the file (unix(7)).
    ///
    /// The file stays when the process ends, as it does when the process is killed. To remove it then
    /// could remove that of a successor.
    pub fn unix(path: &Path) -> io::Result<Listener> {
        let listener = match UnixListener::bind(path) {
            Err(error) if error.kind() == ErrorKind::AddrInUse && is_left_over(path) => {
                fs::remove_file(path)?;
                UnixListener::bind(path)?
            }
            bound => bound?,
        };
        listener.set_nonblocking(true)?;
        let sockets = vec![Arc::new(listener.into())];
        Ok(Listener { sockets, place: Place::Unix(path.to_path_buf()) })
    }

    /// Listens with sockets that another process had, at an address.
    pub fn ip_from(address: SocketAddr, sockets: Vec<OwnedFd>) -> Listener {
        let sockets = sockets.into_iter().map(Arc::new).collect();
        Listener { sockets, place: Place::Ip(address) }
    }

    /// The same at a path.
    pub fn unix_from(path: &Path, sockets: Vec<OwnedFd>) -> Listener {
        let sockets = sockets.into_iter().map(Arc::new).collect();
        Listener { sockets, place: Place::Unix(path.to_path_buf()) }
    }

    /// Its place, by a name that means the same to any process.
    pub fn name(&self) -> String {
        match &self.place {
            Place::Ip(address) => address.to_string(),
            Place::Unix(path) => name_of(path),
        }
    }

    /// The sockets for one of so many workers. Where there are more workers than sockets, several have
    /// the same one. Each socket is some worker's.
    pub fn sockets(&self, worker: usize, workers: usize) -> Vec<Arc<OwnedFd>> {
        let count = self.sockets.len();
        let is_own = |index: usize| index % workers == worker || worker % count == index;
        let own = (0..count).filter(|&index| is_own(index));
        own.map(|index| Arc::clone(&self.sockets[index])).collect()
    }

    /// The address clients connect to, unless it is a path.
    pub fn address(&self) -> Option<SocketAddr> {
        match self.place {
            Place::Ip(address) => Some(address),
            Place::Unix(_) => None,
        }
    }
}

/// The name of a Unix socket's place.
pub fn name_of(path: &Path) -> String {
    let whole = path::absolute(path).unwrap_or_else(|_| path.to_path_buf());
    format!("unix:{}", whole.display())
}

/// A socket for addresses of this family, which sends what it has at once.
fn unbound(address: &SocketAddr) -> io::Result<OwnedFd> {
    let socket = sys::socket(address)?;
    sys::set_option(&socket, libc::SOL_SOCKET, libc::SO_REUSEADDR)?;
    sys::set_option(&socket, libc::IPPROTO_TCP, libc::TCP_NODELAY)?;
    if address.is_ipv6() {
        sys::set_option(&socket, libc::IPPROTO_IPV6, libc::IPV6_V6ONLY)?;
    }
    Ok(socket)
}

/// Whether this is a socket that nobody has open. To find out, a datagram is said to be on its way:
/// that never waits, and whoever listens for streams isn't told (connect(2), `EPROTOTYPE`).
fn is_left_over(path: &Path) -> bool {
    let connect = || UnixDatagram::unbound()?.connect(path);
    is_socket(path)
        && connect().is_err_and(|error| error.kind() == ErrorKind::ConnectionRefused)
}

/// Whether there is a socket at this path, of whichever kind.
pub fn is_socket(path: &Path) -> bool {
    fs::symlink_metadata(path).is_ok_and(|found| found.file_type().is_socket())
}

#[cfg(test)]
mod tests {
    use std::net::{Ipv4Addr, TcpStream};

    use super::*;

    fn listener(port: u16, workers: usize) -> io::Result<Listener> {
        Listener::ip((Ipv4Addr::LOCALHOST, port).into(), workers)
    }

    #[test]
    fn the_kernel_shares_clients_out_among_the_workers() {
        let listener = listener(0, 4).unwrap();
        let address = listener.address().unwrap();
        let _clients: Vec<TcpStream> =
            (0..200).map(|_| TcpStream::connect(address).unwrap()).collect();
        let mut accepted = [0; 4];
        while accepted.iter().sum::<usize>() < 200 {
            for (socket, count) in listener.sockets.iter().zip(&mut accepted) {
                while sys::accept(socket).is_ok() {
                    *count += 1;
                }
            }
        }
        assert!(accepted.iter().all(|&count| count > 10), "{accepted:?}");
    }

    /// Though this process is the same user's, as another server's of the same operator would be.
    #[test]
    fn an_address_is_shared_with_no_other_server() {
        for (theirs, ours) in [(1, 1), (1, 2), (2, 1), (2, 2)] {
            let first = listener(0, theirs).unwrap();
            let port = first.address().unwrap().port();
            let refused = listener(port, ours).err().expect("it is in use");
            assert_eq!(refused.kind(), ErrorKind::AddrInUse, "{theirs}, {ours}");
        }
    }

    #[test]
    fn each_socket_is_some_workers_and_each_worker_has_some() {
        for (sockets, workers) in [(1, 1), (1, 3), (3, 1), (2, 3), (3, 2), (5, 2), (4, 4)]
        {
            let listener = listener(0, sockets).unwrap();
            let shares: Vec<_> =
                (0..workers).map(|worker| listener.sockets(worker, workers)).collect();
            assert!(shares.iter().all(|share| !share.is_empty()), "{sockets}, {workers}");
            for socket in &listener.sockets {
                let owners = shares.iter().flatten().filter(|it| Arc::ptr_eq(it, socket));
                let owners = owners.count();
                let fits = owners == 1 || owners > 1 && sockets < workers;
                assert!(fits, "{sockets}, {workers}: {owners}");
            }
        }
    }
}
