//! What the kernel says of the sockets of others, through sock_diag(7): without ever
//! connecting, as a connection would be one the check didn't make.

use std::io;
use std::net::{IpAddr, SocketAddr};

use netlink_packet_core::{
    NLM_F_DUMP, NLM_F_REQUEST, NetlinkHeader, NetlinkMessage, NetlinkPayload,
};
use netlink_packet_sock_diag::SockDiagMessage;
use netlink_packet_sock_diag::constants::{
    AF_INET, AF_INET6, IPPROTO_TCP, TCP_CLOSE_WAIT, TCP_CLOSING, TCP_ESTABLISHED,
    TCP_LAST_ACK, TCP_LISTEN,
};
use netlink_packet_sock_diag::inet::{
    ExtensionFlags, InetRequest, InetResponse, SocketId, StateFlags,
};
use netlink_sys::{Socket, protocols};

/// Whether any socket has this port, be it one whose connection is over but for TIME_WAIT;
/// `None` where the system doesn't say.
pub(crate) fn somebody_has(port: u16) -> Option<bool> {
    let mut said = None;
    for id in [SocketId::new_v4(), SocketId::new_v6()] {
        let id = SocketId { source_port: port, ..id };
        let sockets = ask(NLM_F_DUMP, StateFlags::all(), id).ok();
        match sockets {
            Some(sockets) if !sockets.is_empty() => return Some(true),
            Some(_) => said = Some(false),
            None => {}
        }
    }
    said
}

/// Bytes that a client sent and the server hasn't read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Unread {
    /// In the server's socket: it could read them.
    pub arrived: usize,
    /// In the client's socket: they wait for room, or to be sent again.
    pub on_the_way: usize,
}

impl Unread {
    pub fn total(self) -> usize {
        self.arrived + self.on_the_way
    }
}

/// What is unread on one connection of ours; `None` where the system doesn't say.
pub(crate) fn unread_between(client: SocketAddr, server: SocketAddr) -> Option<Unread> {
    let on_the_way = End::of(client, server)?.unacknowledged;
    // A socket that is gone holds nothing.
    let arrived = End::of(server, client).map_or(0, |end| end.received);
    Some(Unread { arrived, on_the_way })
}

/// One end of a connection.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct End {
    pub established: bool,
    /// Nothing comes after what was received. The end counts as a byte until it is read.
    pub ended: bool,
    /// Bytes that the peer's kernel may not have yet.
    pub unacknowledged: usize,
    /// Bytes that nobody read yet.
    pub received: usize,
}

impl End {
    /// Bytes of data that nobody read yet.
    pub fn unread(&self) -> usize {
        self.received.saturating_sub(usize::from(self.ended))
    }

    /// `None` if it is gone. An IPv6 socket with an IPv4 peer is found by the IPv4 addresses.
    pub fn of(own: SocketAddr, peer: SocketAddr) -> Option<End> {
        let id = SocketId {
            source_address: own.ip(),
            source_port: own.port(),
            destination_address: peer.ip(),
            destination_port: peer.port(),
            interface_id: 0,
            cookie: ANY,
        };
        let socket = ask(0, StateFlags::all(), id).ok()?.pop()?.header;
        // The kernel looks for the one that would receive from the peer: if there is no
        // connection, a listener.
        (socket.state != TCP_LISTEN).then_some(End {
            established: socket.state == TCP_ESTABLISHED,
            ended: [TCP_CLOSE_WAIT, TCP_LAST_ACK, TCP_CLOSING].contains(&socket.state),
            unacknowledged: socket.send_queue as usize,
            received: socket.recv_queue as usize,
        })
    }
}

/// `INET_DIAG_NOCOOKIE`: whichever socket has these addresses.
const ANY: [u8; 8] = [0xff; 8];

/// The one socket with this id, or with `NLM_F_DUMP` all that fit it.
pub(crate) fn ask(
    flags: u16,
    states: StateFlags,
    socket_id: SocketId,
) -> io::Result<Vec<InetResponse>> {
    let request = InetRequest {
        family: match socket_id.source_address {
            IpAddr::V4(_) => AF_INET,
            IpAddr::V6(_) => AF_INET6,
        },
        protocol: IPPROTO_TCP,
        extensions: ExtensionFlags::empty(),
        states,
        socket_id,
    };
    let mut header = NetlinkHeader::default();
    header.flags = NLM_F_REQUEST | flags;
    let mut message =
        NetlinkMessage::new(header, SockDiagMessage::InetRequest(request).into());
    message.finalize();
    let mut bytes = vec![0; message.buffer_len()];
    message.serialize(&mut bytes);
    let kernel = Socket::new(protocols::NETLINK_SOCK_DIAG)?;
    kernel.send_to(&bytes, &netlink_sys::SocketAddr::new(0, 0), 0)?;
    answers(&kernel, flags & NLM_F_DUMP != 0)
}

/// The one answer, or all up to the end of a list.
fn answers(kernel: &Socket, list: bool) -> io::Result<Vec<InetResponse>> {
    let mut sockets = Vec::new();
    loop {
        let (bytes, _) = kernel.recv_from_full()?;
        let mut rest = &bytes[..];
        while !rest.is_empty() {
            let message = NetlinkMessage::<SockDiagMessage>::deserialize(rest)
                .map_err(|error| io::Error::other(error.to_string()))?;
            let length = (message.header.length as usize).next_multiple_of(4);
            rest = rest.get(length..).unwrap_or_default();
            match message.payload {
                NetlinkPayload::InnerMessage(SockDiagMessage::InetResponse(socket)) => {
                    sockets.push(*socket);
                }
                NetlinkPayload::Error(error) => return Err(error.to_io()),
                _ => return Ok(sockets),
            }
        }
        if !list {
            return Ok(sockets);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io::{Read, Write};
    use std::net::{Ipv4Addr, TcpListener, TcpStream};

    use super::*;

    #[test]
    fn a_port_is_had_until_its_socket_is_gone() {
        for address in ["127.0.0.1:0", "[::1]:0"] {
            // Not every machine has both families.
            let Ok(listener) = TcpListener::bind(address) else {
                continue;
            };
            let port = listener.local_addr().unwrap().port();
            assert_eq!(somebody_has(port), Some(true));
            drop(listener);
            assert_eq!(somebody_has(port), Some(false));
        }
    }

    /// One that listens for both families has sockets of the other.
    #[test]
    fn what_is_sent_is_unread_until_it_is_read() {
        for address in ["127.0.0.1:0", "[::]:0"] {
            let Ok(listener) = TcpListener::bind(address) else {
                continue;
            };
            let port = listener.local_addr().unwrap().port();
            let mut client = TcpStream::connect(("127.0.0.1", port)).unwrap();
            client.write_all(b"hello").unwrap();
            let [own, peer] =
                [client.local_addr(), client.peer_addr()].map(|address| address.unwrap());
            let unread = Unread { arrived: 5, on_the_way: 0 };
            assert_eq!(unread_between(own, peer), Some(unread), "not even accepted");
            let (mut server, _) = listener.accept().unwrap();
            assert_eq!(unread_between(own, peer), Some(unread));
            server.read_exact(&mut [0; 2]).unwrap();
            let unread = Unread { arrived: 3, on_the_way: 0 };
            assert_eq!(unread_between(own, peer), Some(unread));
            let stranger = SocketAddr::from((Ipv4Addr::LOCALHOST, 1));
            let _waiting = TcpStream::connect(("127.0.0.1", port)).unwrap();
            assert_eq!(End::of(peer, stranger), None, "a listener is no end");
        }
    }
}
