//! What the kernel says about the sockets of a recording: `/proc/net/tcp`.

use std::collections::BTreeMap;
use std::fs;

use anyhow::{Context, Result};
use procfs::net::{TcpNetEntry, TcpState};

/// One end of a connection.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct End {
    pub established: bool,
    /// Bytes that arrived and weren't read.
    pub unread: usize,
}

/// Both ends of all connections to one port, by the client's port.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sockets {
    pub servers: BTreeMap<u16, End>,
    pub clients: BTreeMap<u16, End>,
}

impl Sockets {
    pub fn now(port: u16) -> Result<Sockets> {
        let mut sockets = Sockets::default();
        for entry in procfs::net::tcp().context("/proc/net/tcp can't be read")? {
            let (local, remote) =
                (entry.local_address.port(), entry.remote_address.port());
            if entry.state == TcpState::Listen {
                continue;
            }
            if local == port {
                sockets.servers.insert(remote, End::of(&entry));
            } else if remote == port {
                sockets.clients.insert(local, End::of(&entry));
            }
        }
        Ok(sockets)
    }
}

impl End {
    fn of(entry: &TcpNetEntry) -> End {
        let established = entry.state == TcpState::Established;
        // The peer's end counts as a byte until it is read.
        let end = matches!(
            entry.state,
            TcpState::CloseWait | TcpState::LastAck | TcpState::Closing
        );
        let unread = entry.rx_queue as usize;
        End { established, unread: unread.saturating_sub(usize::from(end)) }
    }
}

/// Whether a process sleeps in a system call: not running, and not held by its tracer.
pub fn sleeps(process: u32) -> bool {
    let stat = fs::read_to_string(format!("/proc/{process}/stat")).unwrap_or_default();
    let state = stat.rsplit_once(") ").and_then(|(_, rest)| rest.chars().next());
    state == Some('S')
}
