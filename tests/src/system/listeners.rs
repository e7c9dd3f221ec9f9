//! Where programs listen: at the address that they were given, or elsewhere.

use std::fmt;
use std::net::{IpAddr, SocketAddr};

use netlink_packet_core::NLM_F_DUMP;
use netlink_packet_sock_diag::inet::{InetResponse, SocketId, StateFlags, nlas::Nla};

use crate::system::process::ProcessTree;
use crate::system::sockets::ask;

/// A socket in state LISTEN.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Listener {
    address: SocketAddr,
    /// It takes no clients that come by IPv4: ipv6(7), `IPV6_V6ONLY`.
    only_v6: bool,
    inode: u64,
}

/// Whether a client that connects to this address reaches somebody; `None` where the system
/// doesn't say.
pub(crate) fn somebody_listens(address: SocketAddr) -> Option<bool> {
    let listeners = listeners(address.port())?;
    Some(listeners.iter().any(|listener| listener.hears(address)))
}

/// All the addresses at which these processes listen, as far as the system says.
pub(crate) fn addresses_of(processes: &ProcessTree) -> Vec<String> {
    let own = processes.sockets();
    let listeners = listeners(ANY_PORT).into_iter().flatten();
    let own = listeners.filter(|listener| own.contains(&listener.inode));
    let mut addresses: Vec<String> = own.map(|listener| listener.to_string()).collect();
    addresses.sort();
    addresses.dedup();
    addresses
}

const ANY_PORT: u16 = 0;

fn listeners(port: u16) -> Option<Vec<Listener>> {
    let mut said = None;
    for id in [SocketId::new_v4(), SocketId::new_v6()] {
        let id = SocketId { source_port: port, ..id };
        // Not every machine has both families.
        if let Ok(sockets) = ask(NLM_F_DUMP, StateFlags::LISTEN, id) {
            let known: &mut Vec<Listener> = said.get_or_insert_default();
            known.extend(sockets.iter().map(Listener::from));
        }
    }
    said
}

impl From<&InetResponse> for Listener {
    fn from(socket: &InetResponse) -> Listener {
        let SocketId { source_address, source_port, .. } = socket.header.socket_id;
        Listener {
            address: SocketAddr::from((source_address, source_port)),
            only_v6: socket.nlas.contains(&Nla::SkV6Only(true)),
            inode: socket.header.inode.into(),
        }
    }
}

impl fmt::Display for Listener {
    fn fmt(&self, out: &mut fmt::Formatter) -> fmt::Result {
        let only = if self.only_v6 { " (for IPv6 alone)" } else { "" };
        write!(out, "{}{only}", self.address)
    }
}

impl Listener {
    fn hears(&self, address: SocketAddr) -> bool {
        let own = self.address.ip();
        let everywhere = match (own, address.ip()) {
            (IpAddr::V6(own), IpAddr::V4(_)) => own.is_unspecified() && !self.only_v6,
            (own, _) => own.is_unspecified(),
        };
        let here = own.to_canonical() == address.ip().to_canonical();
        self.address.port() == address.port() && (everywhere || here)
    }
}

#[cfg(test)]
mod tests {
    use std::net::{Ipv4Addr, TcpListener};

    use socket2::{Domain, Socket, Type};

    use super::*;

    fn heard(listener: &TcpListener) -> Option<bool> {
        let port = listener.local_addr().unwrap().port();
        somebody_listens(SocketAddr::from((Ipv4Addr::LOCALHOST, port)))
    }

    #[test]
    fn a_listener_hears_those_who_reach_it() {
        for (address, hears) in [
            ("127.0.0.1:0", true),
            ("0.0.0.0:0", true),
            ("[::]:0", true),
            ("[::ffff:127.0.0.1]:0", true),
            ("127.0.0.2:0", false),
            ("[::1]:0", false),
        ] {
            // Not every machine has both families.
            let Ok(listener) = TcpListener::bind(address) else {
                continue;
            };
            assert_eq!(heard(&listener), Some(hears), "{address}");
        }
    }

    #[test]
    fn a_listener_for_ipv6_alone_hears_no_ipv4() {
        let Ok(socket) = Socket::new(Domain::IPV6, Type::STREAM, None) else {
            return;
        };
        let any: SocketAddr = "[::]:0".parse().unwrap();
        socket.set_only_v6(true).unwrap();
        if socket.bind(&any.into()).and_then(|()| socket.listen(1)).is_ok() {
            assert_eq!(heard(&socket.into()), Some(false));
        }
    }

    #[test]
    fn one_that_left_is_not_seen() {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let ours = ProcessTree::of(std::process::id());
        assert!(addresses_of(&ours).contains(&address.to_string()));
        drop(listener);
        assert_eq!(somebody_listens(address), Some(false));
        assert!(!addresses_of(&ours).contains(&address.to_string()));
    }
}
