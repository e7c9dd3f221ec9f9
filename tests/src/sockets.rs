//! What the kernel says of the sockets of others, through sock_diag(7): without ever
//! connecting, as a connection would be one the check didn't make.

use std::io;
use std::net::{IpAddr, SocketAddr};
use std::thread;
use std::time::Duration;

use netlink_packet_core::{
    NLM_F_DUMP, NLM_F_REQUEST, NetlinkHeader, NetlinkMessage, NetlinkPayload,
};
use netlink_packet_sock_diag::SockDiagMessage;
use netlink_packet_sock_diag::constants::{AF_INET, AF_INET6, IPPROTO_TCP};
use netlink_packet_sock_diag::inet::{
    ExtensionFlags, InetRequest, InetResponse, SocketId, StateFlags,
};
use netlink_sys::{Socket, protocols};

/// Whether a socket is in state LISTEN on this port; `None` where the system doesn't say.
pub fn somebody_listens(port: u16) -> Option<bool> {
    let mut said = None;
    for id in [SocketId::new_v4(), SocketId::new_v6()] {
        let id = SocketId { source_port: port, ..id };
        let listeners = ask(NLM_F_DUMP, StateFlags::LISTEN, id).ok();
        match listeners {
            Some(listeners) if !listeners.is_empty() => return Some(true),
            Some(_) => said = Some(false),
            None => {}
        }
    }
    said
}

/// Bytes that a client sent and the server hasn't read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Unread {
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
pub fn unread_between(client: SocketAddr, server: SocketAddr) -> Option<Unread> {
    let on_the_way = queues(client, server)?.sent;
    // A socket that is gone holds nothing.
    let arrived = queues(server, client).map_or(0, |queues| queues.received);
    Some(Unread { arrived, on_the_way })
}

struct Queues {
    /// Not acknowledged yet.
    sent: usize,
    received: usize,
}

/// Those of one end. An IPv6 socket with an IPv4 peer is found by the IPv4 addresses.
fn queues(own: SocketAddr, peer: SocketAddr) -> Option<Queues> {
    let id = SocketId {
        source_address: own.ip(),
        source_port: own.port(),
        destination_address: peer.ip(),
        destination_port: peer.port(),
        interface_id: 0,
        cookie: ANY,
    };
    let socket = ask(0, StateFlags::all(), id).ok()?.pop()?.header;
    let [sent, received] =
        [socket.send_queue, socket.recv_queue].map(|size| size as usize);
    Some(Queues { sent, received })
}

/// `INET_DIAG_NOCOOKIE`: whichever socket has these addresses.
const ANY: [u8; 8] = [0xff; 8];

fn ask(
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

/// The time between two looks at what is unread. It grows.
pub struct Pause(Duration);

impl Pause {
    const FIRST: Duration = Duration::from_micros(100);
    const LONGEST: Duration = Duration::from_millis(10);

    pub fn new() -> Pause {
        Pause(Pause::FIRST)
    }

    pub fn sleep(&mut self) {
        thread::sleep(self.0);
        self.0 = (2 * self.0).min(Pause::LONGEST);
    }
}

#[cfg(test)]
mod tests {
    use std::io::{Read, Write};
    use std::net::{TcpListener, TcpStream};

    use super::*;

    #[test]
    fn a_listener_is_seen_and_one_that_left_is_not() {
        for address in ["127.0.0.1:0", "[::1]:0"] {
            // Not every machine has both families.
            let Ok(listener) = TcpListener::bind(address) else {
                continue;
            };
            let port = listener.local_addr().unwrap().port();
            assert_eq!(somebody_listens(port), Some(true));
            drop(listener);
            assert_eq!(somebody_listens(port), Some(false));
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
        }
    }
}
