//! Which ports are free.

use std::fs;
use std::net::{Ipv4Addr, SocketAddr as InternetAddr, TcpListener};
use std::ops::Range;
use std::os::linux::net::SocketAddrExt;
use std::os::unix::net::{SocketAddr, UnixDatagram};
use std::sync::atomic::{AtomicU32, Ordering};

use socket2::{Domain, Socket, Type};

use crate::system::sockets;

static NEXT: AtomicU32 = AtomicU32::new(0);
const FIRST: u16 = 10_240;

/// A free port that no other check tries while this is held.
pub struct Port {
    pub number: u16,
    _claim: Option<UnixDatagram>,
}

impl Port {
    /// Below the range from which the kernel takes the ports of clients: one of theirs could
    /// be taken between now and the server's bind.
    pub fn claim() -> Port {
        Port::among(FIRST..first_client_port()).unwrap_or_else(|| {
            let any = TcpListener::bind((Ipv4Addr::LOCALHOST, 0));
            let any = any.and_then(|any| any.local_addr());
            Port { number: any.map_or(0, |address| address.port()), _claim: None }
        })
    }

    /// One of these, none of which the kernel should give to clients.
    pub fn among(numbers: Range<u16>) -> Option<Port> {
        let start = std::process::id().wrapping_mul(7919);
        numbers.clone().find_map(|_| {
            let turn = NEXT.fetch_add(1, Ordering::Relaxed);
            let place = start.wrapping_add(turn) as usize % numbers.len();
            let number = numbers.start + place as u16;
            let claim = claim(number)?;
            is_free(number).then_some(Port { number, _claim: Some(claim) })
        })
    }
}

/// A name that the kernel gives to one socket at a time, and takes back with it: unix(7),
/// abstract sockets. Other processes of checks ask for the same names.
fn claim(port: u16) -> Option<UnixDatagram> {
    let name = format!("lander-check-{port}");
    let address = SocketAddr::from_abstract_name(name).ok()?;
    UnixDatagram::bind_addr(&address).ok()
}

/// Even for a server that doesn't set SO_REUSEADDR. The kernel is asked: to bind the port, and
/// see whether that works, would be to take it for a moment, and for as long as a process that
/// is just being started by another check has a copy of the socket.
pub fn is_free(port: u16) -> bool {
    sockets::somebody_has(port).map_or_else(|| bindable(port), |taken| !taken)
}

fn bindable(port: u16) -> bool {
    let address = InternetAddr::from((Ipv4Addr::LOCALHOST, port));
    let socket = Socket::new(Domain::IPV4, Type::STREAM, None);
    socket.and_then(|socket| socket.bind(&address.into())).is_ok()
}

fn first_client_port() -> u16 {
    let range = fs::read_to_string("/proc/sys/net/ipv4/ip_local_port_range");
    let range = range.unwrap_or_default();
    let first = range.split_whitespace().next();
    first.and_then(|port| port.parse().ok()).unwrap_or(32_768)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_claimed_port_is_claimed_by_nobody_else() {
        let port = Port::claim();
        assert!(claim(port.number).is_none());
        assert!(is_free(port.number));
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port.number));
        assert!(listener.is_ok() && !is_free(port.number));
    }
}
