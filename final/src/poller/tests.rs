use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};

use super::*;

const KINDS: [Kind; 2] = [Kind::Poll, Kind::Epoll];

/// Both ends of a connection: the one that is watched, and its peer.
fn connected() -> (OwnedFd, TcpStream) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let peer = TcpStream::connect(listener.local_addr().unwrap()).unwrap();
    let (socket, _) = listener.accept().unwrap();
    (socket.into(), peer)
}

/// What is ready by now, in the order of the keys.
fn ready(poller: &mut dyn Poller, limit: Duration) -> Vec<usize> {
    let mut ready = Vec::new();
    poller.wait(Some(limit), &mut ready).unwrap();
    let mut keys: Vec<usize> = ready.into_iter().map(Token::key).collect();
    keys.sort_unstable();
    keys
}

/// Waits until there is something.
fn next(poller: &mut dyn Poller) -> Vec<usize> {
    ready(poller, Duration::from_secs(60))
}

fn now(poller: &mut dyn Poller) -> Vec<usize> {
    ready(poller, Duration::ZERO)
}

fn token(key: usize) -> Token {
    Token::new(key, 7)
}

#[test]
fn what_is_ready_is_told_until_it_is_dealt_with() {
    for kind in KINDS {
        let mut poller = kind.open().unwrap();
        let (socket, mut peer) = connected();
        poller.add(&socket, token(3), Interest::Read).unwrap();
        assert_eq!(now(&mut *poller), []);
        peer.write_all(b"x").unwrap();
        assert_eq!(next(&mut *poller), [3], "{kind:?}");
        assert_eq!(now(&mut *poller), [3], "{kind:?}");
        let mut socket = TcpStream::from(socket);
        socket.read_exact(&mut [0]).unwrap();
        assert_eq!(now(&mut *poller), [], "{kind:?}");
    }
}

#[test]
fn a_socket_is_told_by_its_interest() {
    for kind in KINDS {
        let mut poller = kind.open().unwrap();
        let (socket, mut peer) = connected();
        peer.write_all(b"x").unwrap();
        poller.add(&socket, token(3), Interest::Write).unwrap();
        assert_eq!(next(&mut *poller), [3], "{kind:?}");
        poller.set(&socket, token(3), Interest::Nothing).unwrap();
        assert_eq!(now(&mut *poller), [], "{kind:?}");
        poller.set(&socket, token(3), Interest::Read).unwrap();
        assert_eq!(next(&mut *poller), [3], "{kind:?}");
    }
}

/// Without this nobody would notice that a client is gone while its socket is waited for in vain.
#[test]
fn a_hang_up_is_told_whatever_the_interest_is() {
    for kind in KINDS {
        let mut poller = kind.open().unwrap();
        let (socket, mut peer) = connected();
        let mut unread = TcpStream::from(socket.try_clone().unwrap());
        unread.write_all(b"x").unwrap();
        poller.add(&socket, token(3), Interest::Nothing).unwrap();
        peer.write_all(b"x").unwrap();
        assert_eq!(now(&mut *poller), [], "{kind:?}");
        // With a byte unread, its close is a reset.
        peer.peek(&mut [0]).unwrap();
        drop(peer);
        assert_eq!(next(&mut *poller), [3], "{kind:?}");
    }
}

#[test]
fn those_that_stay_keep_their_tokens() {
    for kind in KINDS {
        let mut poller = kind.open().unwrap();
        let mut sockets: Vec<_> = (0..5).map(|_| connected()).collect();
        for (key, (socket, _)) in sockets.iter().enumerate() {
            poller.add(socket, token(key), Interest::Read).unwrap();
        }
        let (first, peer) = sockets.remove(0);
        poller.remove(&first);
        drop((first, peer));
        // It has the place of the first, and its descriptor, too.
        let new = connected();
        poller.add(&new.0, token(9), Interest::Read).unwrap();
        let (last, _) = sockets.remove(3);
        poller.remove(&last);
        drop(last);
        poller.set(&sockets[0].0, token(1), Interest::Nothing).unwrap();
        sockets.push(new);
        for (_, peer) in &mut sockets {
            peer.write_all(b"x").unwrap();
        }
        let mut told = Vec::new();
        while told != [2, 3, 9] {
            told = next(&mut *poller);
            assert!(told.iter().all(|key| [2, 3, 9].contains(key)), "{kind:?} {told:?}");
        }
    }
}

/// The event loop deals with what has happened before it looks who is late, so one wait has to tell all.
#[test]
fn one_wait_tells_all_that_are_ready() {
    const MANY: usize = 300;
    for kind in KINDS {
        let mut poller = kind.open().unwrap();
        let (socket, _peer) = connected();
        let copy = |_| socket.try_clone().unwrap();
        let copies: Vec<OwnedFd> = (0..MANY).map(copy).collect();
        for (key, copy) in copies.iter().enumerate() {
            poller.add(copy, token(key), Interest::Write).unwrap();
        }
        assert!(now(&mut *poller).into_iter().eq(0..MANY), "{kind:?}");
    }
}

#[test]
fn a_wait_is_rounded_up() {
    for kind in KINDS {
        let mut poller = kind.open().unwrap();
        let (socket, _peer) = connected();
        poller.add(&socket, token(0), Interest::Read).unwrap();
        let limit = Duration::from_micros(1500);
        let start = std::time::Instant::now();
        assert_eq!(ready(&mut *poller, limit), [], "{kind:?}");
        assert!(start.elapsed() >= limit, "{kind:?}");
    }
}

#[test]
fn a_token_is_a_key_and_a_generation() {
    for (key, generation) in [(0, 0), (5, u32::MAX), (u32::MAX as usize - 1, 1)] {
        let token = Token::new(key, generation);
        assert_eq!(token.key(), key);
        assert_ne!(token, Token::new(key, generation.wrapping_add(1)));
        assert_ne!(token, Token::LISTENER);
    }
}
