//! Where the server listens: what `--listen` takes, and what becomes of it.

use std::io::{self, ErrorKind};
use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr, ToSocketAddrs};
use std::os::fd::OwnedFd;
use std::path::{Path, PathBuf};
use std::str::FromStr;

use crate::handover::Predecessor;
use crate::listener::{Listener, is_socket, name_of};

/// One value of `--listen`.
#[derive(Clone, Debug, PartialEq)]
pub enum Listen {
    /// An address and a port.
    Ip(SocketAddr),
    /// A port on all addresses of this machine.
    Everywhere(u16),
    /// A port on all addresses that a name has.
    Name(String, u16),
    /// A Unix socket, at this path.
    Unix(PathBuf),
}

/// The forms are `8000` (which is 127.0.0.1:8000), `:8000`, `127.0.0.1:8000`, `[::1]:8000`,
/// `localhost:8000` and `unix:PATH`.
impl FromStr for Listen {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Listen, Self::Err> {
        const FORMS: &str = "write it as 8000, :8000, 127.0.0.1:8000, [::1]:8000, \
            localhost:8000 or unix:PATH";
        if let Some(path) = text.strip_prefix("unix:").filter(|path| !path.is_empty()) {
            return Ok(Listen::Unix(path.into()));
        }
        if let Ok(address) = text.parse() {
            return Ok(Listen::Ip(address));
        }
        if let Ok(port) = text.parse::<u16>() {
            return Ok(Listen::Ip((Ipv4Addr::LOCALHOST, port).into()));
        }
        let (name, port) = text.rsplit_once(':').ok_or(FORMS)?;
        let port = port.parse().map_err(|_| FORMS)?;
        match name {
            "" => Ok(Listen::Everywhere(port)),
            _ if name.contains([':', '/', '[', ']']) => Err(FORMS),
            _ => Ok(Listen::Name(name.into(), port)),
        }
    }
}

impl Listen {
    /// Listens there, for so many workers. An error is a sentence for the operator.
    ///
    /// What a predecessor listens to is taken from it.
    pub fn open(
        &self,
        workers: usize,
        predecessor: Option<&Predecessor>,
    ) -> Result<Vec<Listener>, String> {
        let all_of = |addresses: &[_]| all_of(addresses, workers, predecessor);
        match self {
            Listen::Ip(address) => all_of(&[*address]),
            Listen::Everywhere(port) => {
                let four = (Ipv4Addr::UNSPECIFIED, *port).into();
                all_of(&[four, (Ipv6Addr::UNSPECIFIED, *port).into()])
            }
            Listen::Name(name, port) => {
                let addresses = (name.as_str(), *port).to_socket_addrs();
                let mut addresses: Vec<SocketAddr> = addresses
                    .map_err(|_| format!("there is no address for the name {name}"))?
                    .collect();
                addresses.dedup();
                all_of(&addresses)
            }
            Listen::Unix(path) => {
                let listener = unix(path, predecessor);
                Ok(vec![listener.map_err(|error| no_socket(path, &error))?])
            }
        }
    }
}

/// Listens on all of these addresses, which belong together: if any free port will do, all have the
/// same. One of a family that this machine hasn't is left out, if there are others.
fn all_of(
    addresses: &[SocketAddr],
    workers: usize,
    predecessor: Option<&Predecessor>,
) -> Result<Vec<Listener>, String> {
    let (mut listeners, mut left_out) = (Vec::new(), None);
    let mut chosen = None;
    for &(mut address) in addresses {
        if address.port() == 0 {
            address.set_port(chosen.unwrap_or(0));
        }
        match ip(address, workers, predecessor) {
            Ok(listener) => {
                chosen = listener.address().map(|address| address.port());
                listeners.push(listener);
            }
            Err(error) if is_of_no_use(&error) => {
                left_out = left_out.or(Some(no_address(address, &error)));
            }
            Err(error) => return Err(no_address(address, &error)),
        }
    }
    match left_out {
        Some(sentence) if listeners.is_empty() => Err(sentence),
        _ => Ok(listeners),
    }
}

fn ip(
    address: SocketAddr,
    workers: usize,
    predecessor: Option<&Predecessor>,
) -> io::Result<Listener> {
    match taken(&address.to_string(), predecessor)? {
        none if none.is_empty() => Listener::ip(address, workers),
        sockets => Ok(Listener::ip_from(address, sockets)),
    }
}

fn unix(path: &Path, predecessor: Option<&Predecessor>) -> io::Result<Listener> {
    match taken(&name_of(path), predecessor)? {
        none if none.is_empty() => Listener::unix(path),
        sockets => Ok(Listener::unix_from(path, sockets)),
    }
}

fn taken(place: &str, predecessor: Option<&Predecessor>) -> io::Result<Vec<OwnedFd>> {
    predecessor.map_or(Ok(Vec::new()), |predecessor| predecessor.take(place))
}

/// Without IPv6 there are neither sockets for it nor addresses.
fn is_of_no_use(error: &io::Error) -> bool {
    matches!(error.raw_os_error(), Some(libc::EAFNOSUPPORT | libc::EADDRNOTAVAIL))
}

fn no_address(address: SocketAddr, error: &io::Error) -> String {
    match error.kind() {
        ErrorKind::AddrInUse => format!("another program listens on {address} already"),
        ErrorKind::AddrNotAvailable => {
            format!("{} is not an address of this machine", address.ip())
        }
        ErrorKind::PermissionDenied => {
            let port = address.port();
            format!(
                "only root, or who has CAP_NET_BIND_SERVICE, may listen on port {port}"
            )
        }
        _ => format!("cannot listen on {address}: {error}"),
    }
}

fn no_socket(path: &Path, error: &io::Error) -> String {
    let shown = path.display();
    match error.kind() {
        ErrorKind::AddrInUse if is_socket(path) => {
            format!("another program listens on unix:{shown} already")
        }
        ErrorKind::AddrInUse => format!("{shown} is there already, and is not a socket"),
        ErrorKind::NotFound => format!("there is no folder for the socket {shown}"),
        ErrorKind::PermissionDenied => format!("no socket may be made at {shown}"),
        ErrorKind::InvalidInput => format!("the path {shown} is too long for a socket"),
        _ => format!("cannot listen on unix:{shown}: {error}"),
    }
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::net::TcpStream;
    use std::os::unix::net::UnixStream;

    use super::*;

    #[test]
    fn each_mistake_has_its_sentence() {
        let address = SocketAddr::from(([127, 0, 0, 1], 80));
        for (errno, sentence) in [
            (libc::EADDRINUSE, "another program listens on 127.0.0.1:80 already"),
            (libc::EADDRNOTAVAIL, "127.0.0.1 is not an address of this machine"),
            (
                libc::EACCES,
                "only root, or who has CAP_NET_BIND_SERVICE, may listen on port 80",
            ),
            (
                libc::EMFILE,
                "cannot listen on 127.0.0.1:80: Too many open files (os error 24)",
            ),
        ] {
            let error = io::Error::from_raw_os_error(errno);
            assert_eq!(no_address(address, &error), sentence);
        }
    }

    #[test]
    fn each_form_has_its_meaning() {
        let ip = |text: &str| Listen::Ip(text.parse().unwrap());
        for (text, listen) in [
            ("8000", ip("127.0.0.1:8000")),
            (":8000", Listen::Everywhere(8000)),
            ("0.0.0.0:80", ip("0.0.0.0:80")),
            ("[::]:80", ip("[::]:80")),
            ("localhost:0", Listen::Name("localhost".into(), 0)),
            ("unix:/run/a:1", Listen::Unix("/run/a:1".into())),
            ("unix:a", Listen::Unix("a".into())),
        ] {
            assert_eq!(text.parse(), Ok(listen), "{text}");
        }
        for text in [
            "", ":", "nowhere", "65536", ":65536", "a:b:1", "::1", "[::1]", "a/b:1",
            "unix:",
        ] {
            assert!(text.parse::<Listen>().is_err(), "{text}");
        }
    }

    fn places(text: &str) -> Vec<String> {
        let listeners = text.parse::<Listen>().unwrap().open(1, None).unwrap();
        listeners.iter().map(Listener::to_string).collect()
    }

    fn has_v6() -> bool {
        std::net::TcpListener::bind("[::1]:0").is_ok()
    }

    /// Some machines have no IPv6, and give localhost no address of it.
    #[test]
    fn a_name_is_all_its_addresses_at_one_port() {
        let places = places("localhost:0");
        let ports = places.iter().map(|place| place.rsplit(':').next().unwrap());
        let mut ports: Vec<&str> = ports.collect();
        ports.dedup();
        assert_eq!(ports.len(), 1, "{places:?}");
        assert!(places.iter().any(|place| place.starts_with("127.0.0.1:")), "{places:?}");
        let sentence = "no.such.name.invalid:80".parse::<Listen>().unwrap().open(1, None);
        assert!(sentence.err().unwrap().contains("no.such.name.invalid"));
    }

    #[test]
    fn everywhere_is_both_families_and_each_alone_is_one() {
        let listeners = Listen::Everywhere(0).open(1, None).unwrap();
        assert_eq!(listeners.len(), 1 + usize::from(has_v6()));
        let port = listeners[0].address().unwrap().port();
        TcpStream::connect((Ipv4Addr::LOCALHOST, port)).unwrap();
        if has_v6() {
            TcpStream::connect((Ipv6Addr::LOCALHOST, port)).unwrap();
            let six = Listener::ip((Ipv6Addr::UNSPECIFIED, 0).into(), 1).unwrap();
            let port = six.address().unwrap().port();
            assert!(TcpStream::connect((Ipv4Addr::LOCALHOST, port)).is_err());
        }
    }

    #[test]
    fn only_a_socket_that_is_left_over_gives_way() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("socket");
        let open = || Listen::Unix(path.clone()).open(1, None);
        let listeners = open().unwrap();
        UnixStream::connect(&path).unwrap();
        let sentence = open().err().expect("it is in use");
        assert!(sentence.starts_with("another program listens on unix:"), "{sentence}");
        UnixStream::connect(&path).expect("it is still there");
        drop(listeners);
        assert!(path.exists());
        drop(open().expect("it is left over"));

        fs::remove_file(&path).unwrap();
        fs::write(&path, "precious").unwrap();
        let sentence = open().err().expect("it is a file");
        assert!(
            sentence.ends_with(" is there already, and is not a socket"),
            "{sentence}"
        );
        assert_eq!(fs::read_to_string(&path).unwrap(), "precious");

        let missing = Listen::Unix(folder.path().join("none/socket")).open(1, None);
        let sentence = missing.err().expect("there is no folder");
        assert!(sentence.starts_with("there is no folder for the socket "), "{sentence}");
        let long = Listen::Unix(folder.path().join("x".repeat(108))).open(1, None);
        let sentence = long.err().expect("it is too long");
        assert!(sentence.ends_with(" is too long for a socket"), "{sentence}");
    }
}
