//! What the kernel says about the sockets of a recording.

use std::collections::BTreeMap;
use std::net::{Ipv4Addr, SocketAddr};

use checks::system::sockets;

/// One end of a connection.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct End {
    pub established: bool,
    /// Bytes that arrived and weren't read.
    pub unread: usize,
}

/// Both ends of connections to one port, by the client's port.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sockets {
    pub servers: BTreeMap<u16, End>,
    pub clients: BTreeMap<u16, End>,
}

impl Sockets {
    pub fn now(port: u16, clients: impl Iterator<Item = u16>) -> Sockets {
        let mut sockets = Sockets::default();
        for client in clients {
            let [server, own] =
                [port, client].map(|port| SocketAddr::from((Ipv4Addr::LOCALHOST, port)));
            sockets.servers.extend(End::of(server, own).map(|end| (client, end)));
            sockets.clients.extend(End::of(own, server).map(|end| (client, end)));
        }
        sockets
    }
}

impl End {
    fn of(own: SocketAddr, peer: SocketAddr) -> Option<End> {
        let end = sockets::End::of(own, peer)?;
        let unread = end.received.saturating_sub(usize::from(end.ended));
        Some(End { established: end.established, unread })
    }
}
