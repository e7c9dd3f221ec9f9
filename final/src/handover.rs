//! How a new server takes the place of the one that runs: it gets the very sockets that listen, with the
//! clients that wait in their queues. To bind others and to close these would lose those clients.
//!
//! The new one connects to a Unix socket and names a place in each line; the old one answers a line with
//! the sockets of that place, or with none. An empty line says that the new one serves, and the old one
//! ends then. If the new one goes away before, nothing has changed.

use std::fs::{self, Permissions};
use std::io::{self, BufRead, BufReader, ErrorKind, Write};
use std::os::fd::{AsRawFd, OwnedFd, RawFd};
use std::os::unix::fs::PermissionsExt;
use std::os::unix::net::{UnixListener, UnixStream};
use std::path::Path;
use std::process;
use std::sync::Arc;
use std::thread;
use std::time::Duration;

use crate::listener::is_socket;
use crate::sys::rights;
use crate::workers::Drain;

/// How long either waits for the other.
const PATIENCE: Duration = Duration::from_secs(60);
/// How long it takes until a failed accept is tried again.
const REST: Duration = Duration::from_millis(500);

/// The server that runs, to the one that takes its place.
pub struct Predecessor(UnixStream);

impl Predecessor {
    /// The server that waits for a successor at `path`, if there is one.
    pub fn at(path: &Path) -> io::Result<Option<Predecessor>> {
        match UnixStream::connect(path) {
            Ok(stream) => {
                stream.set_read_timeout(Some(PATIENCE))?;
                Ok(Some(Predecessor(stream)))
            }
            Err(error)
                if matches!(
                    error.kind(),
                    ErrorKind::NotFound | ErrorKind::ConnectionRefused
                ) =>
            {
                Ok(None)
            }
            Err(error) => Err(error),
        }
    }

    /// The sockets that listen at a place, which are none if it doesn't listen there.
    pub fn take(&self, place: &str) -> io::Result<Vec<OwnedFd>> {
        if place.contains('\n') {
            return Ok(Vec::new());
        }
        (&self.0).write_all(format!("{place}\n").as_bytes())?;
        rights::take(&self.0)
    }

    /// From here on we serve, and it may end.
    pub fn release(self) -> io::Result<()> {
        (&self.0).write_all(b"\n")
    }
}

/// Where a server waits for its successor.
pub struct Successors(UnixListener);

impl Successors {
    /// Waits at `path`, in place of a predecessor. Only this user may connect. `AlreadyExists` if
    /// there is something else.
    pub fn at(path: &Path) -> io::Result<Successors> {
        if fs::symlink_metadata(path).is_ok() && !is_socket(path) {
            return Err(ErrorKind::AlreadyExists.into());
        }
        let mut own = path.as_os_str().to_os_string();
        own.push(format!(".{}", process::id()));
        let listener = UnixListener::bind(&own)?;
        // Until it has its name, nobody looks for it.
        let named = fs::set_permissions(&own, Permissions::from_mode(0o600))
            .and_then(|()| fs::rename(&own, path));
        named.inspect_err(|_| drop(fs::remove_file(&own)))?;
        Ok(Successors(listener))
    }

    /// Starts the thread that hands the listeners over to the first successor that serves with them. The
    /// workers have so much `grace` to finish then.
    pub fn serve(self, drain: Arc<Drain>, grace: Duration) -> io::Result<()> {
        let serve = move || {
            while !self.is_replaced(&drain) {}
            drain.begin(grace);
        };
        thread::Builder::new().name("handover".into()).spawn(serve)?;
        Ok(())
    }

    /// Whether the next successor has taken our place.
    fn is_replaced(&self, drain: &Drain) -> bool {
        match self.0.accept() {
            Ok((stream, _)) => hand_over(&stream, drain).unwrap_or(false),
            Err(_) => {
                thread::sleep(REST);
                false
            }
        }
    }
}

fn hand_over(stream: &UnixStream, drain: &Drain) -> io::Result<bool> {
    stream.set_read_timeout(Some(PATIENCE))?;
    for place in BufReader::new(stream).lines() {
        let place = place?;
        if place.is_empty() {
            return Ok(true);
        }
        let sockets = drain.sockets_at(&place);
        let descriptors: Vec<RawFd> = sockets.iter().map(|it| it.as_raw_fd()).collect();
        rights::pass(stream, &descriptors)?;
    }
    Ok(false)
}

#[cfg(test)]
mod tests {
    use std::net::TcpStream;

    use super::*;
    use crate::listener::Listener;
    use crate::sys;

    #[test]
    fn the_queue_of_a_listener_goes_with_it() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("handover");
        assert!(Predecessor::at(&path).unwrap().is_none());
        let listener = Listener::ip("127.0.0.1:0".parse().unwrap(), 2).unwrap();
        let (place, address) = (listener.to_string(), listener.address().unwrap());
        let drain = Arc::new(Drain::new(2).unwrap());
        drain.keep(vec![listener]);
        let successors = Successors::at(&path).unwrap();
        successors.serve(Arc::clone(&drain), Duration::ZERO).unwrap();
        let mode = fs::metadata(&path).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);

        // One that goes away changes nothing.
        let predecessor = Predecessor::at(&path).unwrap().unwrap();
        assert_eq!(predecessor.take(&place).unwrap().len(), 2);
        drop(predecessor);

        let clients: Vec<TcpStream> =
            (0..20).map(|_| TcpStream::connect(address).unwrap()).collect();
        let predecessor = Predecessor::at(&path).unwrap().unwrap();
        assert!(predecessor.take("127.0.0.1:1").unwrap().is_empty());
        assert!(predecessor.take("a\nb").unwrap().is_empty());
        let sockets = predecessor.take(&place).unwrap();
        predecessor.release().unwrap();
        let mut waiting = clients.len();
        while waiting > 0 {
            let accepted = sockets.iter().filter_map(|it| sys::accept(it).ok());
            waiting -= accepted.count();
        }
        // The old one has let them go, and its name is the next one's.
        drop(sockets);
        while TcpStream::connect(address).is_ok() {}
        assert!(Predecessor::at(&path).unwrap().is_none());
        Successors::at(&path).unwrap();
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    }

    #[test]
    fn nothing_but_a_socket_gives_way() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("precious");
        fs::write(&path, "precious").unwrap();
        let error = Successors::at(&path).err().unwrap();
        assert_eq!(error.kind(), ErrorKind::AlreadyExists);
        assert_eq!(fs::read_to_string(&path).unwrap(), "precious");
    }
}
