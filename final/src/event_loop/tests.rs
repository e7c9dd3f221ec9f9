use std::net::{Ipv4Addr, SocketAddr, TcpStream};

use super::*;
use crate::buffers::Output;
use crate::peers::Proxies;
use crate::protocol::{Next, Progress};

/// Swallows everything.
struct Silent;

impl Protocol for Silent {
    type Context = ();

    fn open(&mut self, _: Peer) {}

    fn data(&mut self, _: &mut (), input: &[u8], _: &mut Output) -> Progress {
        Progress { consumed: input.len(), next: Next::Rest }
    }
}

/// An event may come late: until the last copy of a socket's descriptor is closed, epoll(7) tells of it.
#[test]
fn a_token_is_dropped_when_another_client_has_the_key() {
    let address = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
    let listener = [Arc::new(sys::socket(&address).unwrap())];
    sys::bind(&listener[0], &address).unwrap();
    sys::listen(&listener[0]).unwrap();
    let address = sys::local_address(&listener[0]).unwrap();
    for kind in [Kind::Poll, Kind::Epoll] {
        let (mut protocol, poller) = (Silent, kind.open().unwrap());
        let patience = Duration::from_secs(60);
        let limits = Limits::new(100, Proxies::default());
        let (handle, listeners) = (Handle::new().unwrap(), listener.to_vec());
        let event_loop =
            EventLoop::new(listeners, &mut protocol, poller, limits, patience, &handle);
        let mut event_loop = event_loop.unwrap();
        let first = admitted(&mut event_loop, address);
        assert!(event_loop.is_open(first), "{kind:?}");
        event_loop.close(first.key());
        assert!(!event_loop.is_open(first), "{kind:?}");
        let second = admitted(&mut event_loop, address);
        assert_eq!(first.key(), second.key(), "{kind:?}");
        assert!(!event_loop.is_open(first) && event_loop.is_open(second), "{kind:?}");
    }
}

fn admitted(event_loop: &mut EventLoop<Silent>, address: SocketAddr) -> Token {
    let socket = TcpStream::connect(address).unwrap();
    event_loop.admit(socket.into(), Some(address.ip()).into());
    event_loop.clients[0].token(0)
}
