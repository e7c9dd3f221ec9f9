//! How many clients there may be.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::net::IpAddr;

use crate::peers::{Peer, Proxies};

/// How many descriptors aren't for clients: a listener, the standard streams, the log, files.
const RESERVE: usize = 16;
/// How many bytes all connections together may hold: of heads that aren't complete, and of
/// responses that aren't sent.
const MEMORY: usize = 16 * 1024 * 1024;

/// How many clients there may be, in all and of one network, which may have half of all places; and how
/// much memory they may make the server hold.
pub struct Limits {
    clients: usize,
    memory: usize,
    of_network: HashMap<Network, usize>,
    proxies: Proxies,
}

/// What belongs to one party: an address of IPv4, or the 64 bits of an IPv6 address that say which
/// network it is in, as everybody has all the addresses of theirs (RFC 4291, section 2.5.1).
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Network(u64);

impl Network {
    /// Of peers that are many parties: trusted proxies, and whoever uses a Unix socket. No machine is
    /// in this network, as all its addresses are multicast.
    const OF_MANY: Network = Network(u64::MAX);
}

impl Limits {
    /// Limits for a process that may have so many descriptors open. These proxies connect for many, so
    /// each of them may have all places.
    pub fn new(descriptors: usize, proxies: Proxies) -> Limits {
        let clients = descriptors.saturating_sub(RESERVE).max(2);
        Limits { clients, memory: MEMORY, of_network: HashMap::new(), proxies }
    }

    /// Those of one of so many workers: its part of each, so that no worker waits for another's count.
    pub fn part_of(&self, workers: usize) -> Limits {
        let (clients, memory) = ((self.clients / workers).max(2), self.memory / workers);
        let proxies = self.proxies.clone();
        Limits { clients, memory, of_network: HashMap::new(), proxies }
    }

    /// How many bytes all connections together may hold.
    pub fn memory(&self) -> usize {
        self.memory
    }

    /// How many clients there may be in all.
    pub fn clients(&self) -> usize {
        self.clients
    }

    /// How many of one network.
    pub fn share(&self) -> usize {
        self.clients / 2
    }

    /// The network whose share a peer takes.
    pub fn network(&self, peer: Peer) -> Network {
        match peer {
            _ if self.proxies.trust(peer) => Network::OF_MANY,
            Peer::Ip(IpAddr::V4(address)) => Network(address.to_bits().into()),
            Peer::Ip(IpAddr::V6(address)) => Network((address.to_bits() >> 64) as u64),
            Peer::Unix => Network::OF_MANY,
        }
    }

    /// Whether so many clients are all there may be.
    pub fn are_reached(&self, clients: usize) -> bool {
        clients >= self.clients
    }

    /// Whether this network has all that are its share.
    pub fn are_reached_by(&self, network: Network) -> bool {
        let count = self.of_network.get(&network);
        network != Network::OF_MANY && count.is_some_and(|count| *count >= self.share())
    }

    /// One more client of this network.
    pub fn enter(&mut self, network: Network) {
        *self.of_network.entry(network).or_default() += 1;
    }

    /// One fewer.
    pub fn leave(&mut self, network: Network) {
        if let Entry::Occupied(mut count) = self.of_network.entry(network) {
            *count.get_mut() -= 1;
            if *count.get() == 0 {
                count.remove();
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn limits(clients: usize) -> Limits {
        let trusted =
            ["203.0.113.0/24", "2001:db8:ff::/48"].map(|it| it.parse().unwrap());
        Limits::new(RESERVE + clients, Proxies::new(trusted.into()))
    }

    fn network(address: &str) -> Network {
        limits(2).network(Peer::from(address.parse::<IpAddr>().ok()))
    }

    #[test]
    fn half_of_all_places_are_for_one_network() {
        let mut limits = limits(5);
        assert!(!limits.are_reached(4) && limits.are_reached(5));
        let (ours, neighbours) = (network("2001:db8::1"), network("2001:db8::1:0:0:2"));
        assert!(ours == neighbours && ours != network("2001:db8:0:1::1"));
        limits.enter(ours);
        assert!(!limits.are_reached_by(ours));
        limits.enter(neighbours);
        assert!(limits.are_reached_by(ours) && !limits.are_reached_by(network("::2")));
        limits.leave(ours);
        assert!(!limits.are_reached_by(neighbours));
    }

    #[test]
    fn workers_have_equal_parts() {
        let part = limits(10).part_of(2);
        assert!(part.are_reached(5) && !part.are_reached(4));
        assert_eq!((part.share(), part.memory()), (2, MEMORY / 2));
        assert!(part.network(Peer::Unix) == limits(10).network(Peer::Unix));
        assert_eq!(limits(10).part_of(100).clients(), 2);
    }

    #[test]
    fn a_trusted_proxy_and_a_unix_socket_may_take_all_places() {
        for peer in ["203.0.113.7", "2001:db8:ff::1", "unix"] {
            let mut limits = limits(4);
            let network = network(peer);
            (0..4).for_each(|_| limits.enter(network));
            assert!(!limits.are_reached_by(network), "{peer}");
            assert!(limits.are_reached(4));
        }
    }

    #[test]
    fn ipv4_is_the_same_within_ipv6() {
        assert!(network("::ffff:192.0.2.1") == network("192.0.2.1"));
        assert!(network("192.0.2.2") != network("192.0.2.1"));
    }
}
