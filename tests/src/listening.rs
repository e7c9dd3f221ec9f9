//! Which ports are free, whether somebody listens on one, and what is unread there: without
//! ever connecting, as a connection would be one the check didn't make.

use std::fs;
use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::sync::atomic::{AtomicU32, Ordering};

static NEXT: AtomicU32 = AtomicU32::new(0);
const FIRST: u32 = 10_240;

/// A free port below the range from which the kernel takes the ports of clients: one of
/// theirs could be taken between now and the server's bind.
pub fn free_port() -> u16 {
    let span = first_client_port().saturating_sub(FIRST).max(1);
    let start = std::process::id().wrapping_mul(7919);
    for _ in 0..span {
        let turn = NEXT.fetch_add(1, Ordering::Relaxed);
        let port = (FIRST + start.wrapping_add(turn) % span) as u16;
        if bindable(port) {
            return port;
        }
    }
    let any = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).and_then(|it| it.local_addr());
    any.map_or(0, |address| address.port())
}

pub fn bindable(port: u16) -> bool {
    TcpListener::bind((Ipv4Addr::LOCALHOST, port)).is_ok()
}

fn first_client_port() -> u32 {
    let range = fs::read_to_string("/proc/sys/net/ipv4/ip_local_port_range");
    let range = range.unwrap_or_default();
    let first = range.split_whitespace().next();
    first.and_then(|port| port.parse().ok()).unwrap_or(32_768)
}

/// Whether a socket is in state LISTEN on this port; `None` where the system doesn't say.
pub fn somebody_listens(port: u16) -> Option<bool> {
    let v4 = procfs::net::tcp().ok()?;
    let v6 = procfs::net::tcp6().unwrap_or_default();
    let mut all = v4.into_iter().chain(v6);
    Some(all.any(|entry| {
        entry.state == procfs::net::TcpState::Listen && entry.local_address.port() == port
    }))
}

/// How many bytes were sent to this address and not read from it, on all its connections;
/// `None` where the system doesn't say.
pub fn unread_at(server: SocketAddr) -> Option<usize> {
    let v4 = procfs::net::tcp().ok()?;
    let v6 = procfs::net::tcp6().unwrap_or_default();
    let all = v4.into_iter().chain(v6);
    let open = all.filter(|entry| entry.state != procfs::net::TcpState::Listen);
    let unread = open.map(|entry| match server {
        _ if canonical(entry.local_address) == server => entry.rx_queue,
        _ if canonical(entry.remote_address) == server => entry.tx_queue,
        _ => 0,
    });
    Some(unread.map(|bytes| bytes as usize).sum())
}

/// A server may listen for both families through one socket.
fn canonical(address: SocketAddr) -> SocketAddr {
    SocketAddr::new(address.ip().to_canonical(), address.port())
}
