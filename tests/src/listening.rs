//! Which ports are free, whether somebody listens on one, and what is unread there: without
//! ever connecting, as a connection would be one the check didn't make.

use std::fs;
use std::net::{Ipv4Addr, SocketAddr as InternetAddr, TcpListener};
use std::os::linux::net::SocketAddrExt;
use std::os::unix::net::{SocketAddr, UnixDatagram};
use std::sync::atomic::{AtomicU32, Ordering};
use std::thread;
use std::time::Duration;

use socket2::{Domain, Socket, Type};

static NEXT: AtomicU32 = AtomicU32::new(0);
const FIRST: u32 = 10_240;

/// A free port that no other check tries while this is held: to see whether a port is free
/// is to take it for a moment, and a server that binds it in that moment can't.
pub struct Port {
    pub number: u16,
    _claim: Option<UnixDatagram>,
}

impl Port {
    /// Below the range from which the kernel takes the ports of clients: one of theirs could
    /// be taken between now and the server's bind.
    pub fn claim() -> Port {
        let span = first_client_port().saturating_sub(FIRST).max(1);
        let start = std::process::id().wrapping_mul(7919);
        for _ in 0..span {
            let turn = NEXT.fetch_add(1, Ordering::Relaxed);
            let number = (FIRST + start.wrapping_add(turn) % span) as u16;
            if let Some(claim) = claim(number)
                && bindable(number)
            {
                return Port { number, _claim: Some(claim) };
            }
        }
        let any =
            TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).and_then(|it| it.local_addr());
        Port { number: any.map_or(0, |address| address.port()), _claim: None }
    }
}

/// A name that the kernel gives to one socket at a time, and takes back with it: unix(7),
/// abstract sockets. Other processes of checks ask for the same names.
fn claim(port: u16) -> Option<UnixDatagram> {
    let name = format!("lander-check-{port}");
    let address = SocketAddr::from_abstract_name(name).ok()?;
    UnixDatagram::bind_addr(&address).ok()
}

/// Even for a server that doesn't set SO_REUSEADDR.
pub fn bindable(port: u16) -> bool {
    let address = InternetAddr::from((Ipv4Addr::LOCALHOST, port));
    let socket = Socket::new(Domain::IPV4, Type::STREAM, None);
    socket.and_then(|socket| socket.bind(&address.into())).is_ok()
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

/// Bytes that were sent to a port and not read from it, on all its connections.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Unread {
    /// In the server's sockets: it could read them.
    pub arrived: usize,
    /// In the clients' sockets: they wait for room, or to be sent again.
    pub on_the_way: usize,
}

impl Unread {
    pub fn total(self) -> usize {
        self.arrived + self.on_the_way
    }
}

/// What is unread at a port; `None` where the system doesn't say.
pub fn unread_at(port: u16) -> Option<Unread> {
    let v4 = fs::read_to_string("/proc/net/tcp").ok()?;
    let port = format!(":{port:04X} ");
    let mut unread = Unread::default();
    let mut add = |table: &str| {
        for line in table.lines().filter(|line| line.contains(&port)) {
            unread.add(line, port.trim_end());
        }
    };
    add(&v4);
    // A server that listens for both families has its sockets there.
    if !v4.contains(&format!(": 0100007F{port}")) {
        add(&fs::read_to_string("/proc/net/tcp6").unwrap_or_default());
    }
    Some(unread)
}

/// The time between two looks at what is unread. It grows, as a look takes the kernel some
/// milliseconds: it goes through the sockets of the whole machine.
pub struct Pause(Duration);

impl Pause {
    const FIRST: Duration = Duration::from_micros(200);
    const LONGEST: Duration = Duration::from_millis(20);

    pub fn new() -> Pause {
        Pause(Pause::FIRST)
    }

    pub fn sleep(&mut self) {
        thread::sleep(self.0);
        self.0 = (2 * self.0).min(Pause::LONGEST);
    }
}

impl Unread {
    /// proc_pid_net(5): number, local address, remote address, state, tx_queue:rx_queue.
    fn add(&mut self, line: &str, port: &str) {
        const LISTEN: &str = "0A";
        let words: Vec<&str> = line.split_whitespace().take(5).collect();
        let [_, local, remote, state, queues] = words[..] else {
            return;
        };
        let (to_send, to_read) = queues.split_once(':').unwrap_or_default();
        let bytes = |queue| usize::from_str_radix(queue, 16).unwrap_or(0);
        match () {
            _ if state == LISTEN => {}
            _ if local.ends_with(port) => self.arrived += bytes(to_read),
            _ if remote.ends_with(port) => self.on_the_way += bytes(to_send),
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_claimed_port_is_claimed_by_nobody_else() {
        let port = Port::claim();
        assert!(claim(port.number).is_none());
        assert!(bindable(port.number));
    }

    #[test]
    fn both_ends_of_a_connection_may_hold_what_is_unread() {
        let server = "1: 0100007F:1F90 0100007F:C350 01 00000001:00000010 00:0 0 0";
        let client = "2: 0100007F:C350 0100007F:1F90 01 00000020:00000002 00:0 0 0";
        let listener = "3: 0100007F:1F90 00000000:0000 0A 00000000:00000001 00:0 0 0";
        let mut unread = Unread::default();
        for line in [server, client, listener] {
            unread.add(line, ":1F90");
        }
        assert_eq!(unread, Unread { arrived: 16, on_the_way: 32 });
    }
}
