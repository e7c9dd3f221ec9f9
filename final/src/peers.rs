//! Who is at the other end of a connection, and whose word on that counts.

use std::fmt;
use std::net::{IpAddr, SocketAddr};
use std::str::FromStr;

use ipnet::IpNet;

/// The other end of a connection, or the client for whom it asks.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Peer {
    /// A machine. An address of IPv4 is never written as one of IPv6.
    Ip(IpAddr),
    /// A program of this machine that has connected to a Unix socket.
    Unix,
}

/// Without an address it is a Unix socket's.
impl From<Option<IpAddr>> for Peer {
    fn from(address: Option<IpAddr>) -> Peer {
        address.map_or(Peer::Unix, |address| Peer::Ip(address.to_canonical()))
    }
}

/// As nginx writes it in its logs.
impl fmt::Display for Peer {
    fn fmt(&self, out: &mut fmt::Formatter) -> fmt::Result {
        match self {
            Peer::Ip(address) => address.fmt(out),
            Peer::Unix => out.pad("unix:"),
        }
    }
}

/// What an operator trusts: all proxies of a network, or those that come through a Unix socket.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Proxy {
    /// All addresses of a network, which may be a single one.
    Network(IpNet),
    /// All peers of Unix sockets.
    Unix,
}

/// An address, a network such as `10.0.0.0/8`, or `unix`.
impl FromStr for Proxy {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Proxy, Self::Err> {
        if text == "unix" {
            return Ok(Proxy::Unix);
        }
        let network = text.parse().or_else(|_| text.parse().map(|it: IpAddr| it.into()));
        network
            .map(Proxy::Network)
            .map_err(|_| "write it as 192.0.2.1, 10.0.0.0/8, fd00::/8 or unix")
    }
}

/// The proxies that an operator trusts.
#[derive(Clone, Debug, Default)]
pub struct Proxies(Vec<Proxy>);

impl Proxies {
    /// These, and no others.
    pub fn new(trusted: Vec<Proxy>) -> Proxies {
        Proxies(trusted)
    }

    /// Whether this peer is one of them.
    pub fn trust(&self, peer: Peer) -> bool {
        self.0.iter().any(|proxy| match (proxy, peer) {
            (Proxy::Network(network), Peer::Ip(address)) => network.contains(&address),
            (Proxy::Unix, Peer::Unix) => true,
            _ => false,
        })
    }

    /// The client for whom `peer` asks: the rightmost address in its X-Forwarded-For fields, whose
    /// values these are, that isn't a trusted proxy's.
    ///
    /// Each proxy adds the address of its own peer on the right, so what stands to the left of an
    /// address is only as good as the word of whoever has that address. What isn't an address ends
    /// the search, too.
    pub fn client<'a>(
        &self,
        peer: Peer,
        values: impl DoubleEndedIterator<Item = &'a [u8]>,
    ) -> Peer {
        let entries = values.rev().flat_map(|list| list.rsplit(|&byte| byte == b','));
        let entries = entries.map(<[u8]>::trim_ascii).filter(|entry| !entry.is_empty());
        let mut client = peer;
        for entry in entries {
            if !self.trust(client) {
                break;
            }
            let Some(address) = address(entry) else {
                break;
            };
            client = Some(address).into();
        }
        client
    }
}

/// An address as proxies write it: some add the port, and then an IPv6 address is in brackets.
fn address(entry: &[u8]) -> Option<IpAddr> {
    let text = str::from_utf8(entry).ok()?;
    if let Ok(address) = text.parse::<SocketAddr>() {
        return Some(address.ip());
    }
    let inner = text.strip_prefix('[').and_then(|text| text.strip_suffix(']'));
    inner.unwrap_or(text).parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn proxies(trusted: &[&str]) -> Proxies {
        Proxies::new(trusted.iter().map(|text| text.parse().unwrap()).collect())
    }

    fn peer(text: &str) -> Peer {
        Peer::from(text.parse().ok())
    }

    #[test]
    fn an_address_a_network_and_unix_can_be_trusted() {
        let proxies = proxies(&["192.0.2.1", "10.0.0.0/8", "2001:db8::/32", "unix"]);
        for (text, trusted) in [
            ("192.0.2.1", true),
            ("192.0.2.2", false),
            ("10.255.0.1", true),
            ("::ffff:10.0.0.1", true),
            ("11.0.0.1", false),
            ("2001:db8:1::5", true),
            ("2001:db9::5", false),
            ("unix", true),
        ] {
            assert_eq!(proxies.trust(peer(text)), trusted, "{text}");
        }
        assert!(!Proxies::default().trust(Peer::Unix));
        for text in ["", "proxy", "10.0.0.0/33", "10.0.0.1:80", "unix:/run/proxy"] {
            assert!(text.parse::<Proxy>().is_err(), "{text}");
        }
    }

    #[test]
    fn the_client_is_the_rightmost_address_that_is_no_trusted_proxy() {
        let proxies = proxies(&["10.0.0.0/8", "unix"]);
        for (from, fields, client) in [
            ("10.0.0.1", &[][..], "10.0.0.1"),
            ("10.0.0.1", &["192.0.2.7"], "192.0.2.7"),
            ("10.0.0.1", &["1.1.1.1, 192.0.2.7"], "192.0.2.7"),
            ("10.0.0.1", &["1.1.1.1, 192.0.2.7,10.0.0.2 , 10.0.0.3"], "192.0.2.7"),
            ("10.0.0.1", &["1.1.1.1", "192.0.2.7", "10.0.0.2"], "192.0.2.7"),
            ("10.0.0.1", &["10.0.0.3, 10.0.0.2"], "10.0.0.3"),
            ("10.0.0.1", &["192.0.2.7, , ", ""], "192.0.2.7"),
            ("10.0.0.1", &["1.1.1.1, unknown, 10.0.0.2"], "10.0.0.2"),
            ("10.0.0.1", &["1.1.1.1, \u{e9}"], "10.0.0.1"),
            ("10.0.0.1", &["192.0.2.7:4711"], "192.0.2.7"),
            ("10.0.0.1", &["[2001:db8::7]:4711"], "2001:db8::7"),
            ("10.0.0.1", &["[2001:db8::7]"], "2001:db8::7"),
            ("10.0.0.1", &["::ffff:192.0.2.7"], "192.0.2.7"),
            ("unix", &["192.0.2.7"], "192.0.2.7"),
            ("192.0.2.9", &["1.1.1.1"], "192.0.2.9"),
        ] {
            let values = fields.iter().map(|field| field.as_bytes());
            let found = proxies.client(peer(from), values);
            assert_eq!(found, peer(client), "{from} {fields:?}");
        }
    }
}
