//! Sockets that listen.

use std::fmt;
use std::fs;
use std::io::{self, ErrorKind};
use std::net::SocketAddr;
use std::os::fd::OwnedFd;
use std::os::unix::fs::FileTypeExt;
use std::os::unix::net::{UnixDatagram, UnixListener};
use std::path::{Path, PathBuf};

use crate::sys;

/// A socket that listens: clients can connect, and wait until they are served.
pub struct Listener {
    /// It doesn't block.
    pub socket: OwnedFd,
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
    /// Listens on `address`; port 0 takes a free one. `[::]` is all addresses of IPv6 and none of
    /// IPv4, whatever the system's default is (ipv6(7), `IPV6_V6ONLY`).
    ///
    /// The errors are those of bind(2): the address is in use, isn't this machine's, or its
    /// port is for root alone.
    pub fn ip(address: SocketAddr) -> io::Result<Listener> {
        let socket = sys::socket(&address)?;
        sys::set_option(&socket, libc::SOL_SOCKET, libc::SO_REUSEADDR)?;
        sys::set_option(&socket, libc::IPPROTO_TCP, libc::TCP_NODELAY)?;
        if address.is_ipv6() {
            sys::set_option(&socket, libc::IPPROTO_IPV6, libc::IPV6_V6ONLY)?;
        }
        sys::bind(&socket, &address)?;
        sys::listen(&socket)?;
        let place = Place::Ip(sys::local_address(&socket)?);
        Ok(Listener { socket, place })
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
        Ok(Listener { socket: listener.into(), place: Place::Unix(path.to_path_buf()) })
    }

    /// The address clients connect to, unless it is a path.
    pub fn address(&self) -> Option<SocketAddr> {
        match self.place {
            Place::Ip(address) => Some(address),
            Place::Unix(_) => None,
        }
    }
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
