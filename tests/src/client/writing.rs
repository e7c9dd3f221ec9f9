//! Writing to a server that may not read.

use std::io::{ErrorKind, Write};
use std::net::TcpStream;
use std::time::Duration;

use crate::system::patience::Wait;
use crate::system::process::ProcessTree;

/// How much was written: all of it, or less if a [`Wait`] for a server that takes nothing was
/// over, or, as an error, if the connection broke.
pub(crate) fn write_patiently(
    socket: &TcpStream,
    bytes: &[u8],
    server: ProcessTree,
    patience: Duration,
) -> Result<usize, usize> {
    let (mut wait, mut time) = (Wait::new(server, patience), patience);
    let mut taken = 0;
    loop {
        match write_within(socket, &bytes[taken..], time) {
            Err(more) => return Err(taken + more),
            Ok(more) if taken + more == bytes.len() => return Ok(bytes.len()),
            Ok(0) if wait.is_over() => return Ok(taken),
            Ok(0) => time = Wait::GLANCE,
            Ok(more) => {
                taken += more;
                (wait, time) = (Wait::new(server, patience), patience);
            }
        }
    }
}

/// How much was written: all of it, or less if for this long nothing was taken, or, as an
/// error, if the connection broke.
pub(crate) fn write_within(
    mut socket: &TcpStream,
    bytes: &[u8],
    patience: Duration,
) -> Result<usize, usize> {
    let _ = socket.set_write_timeout(Some(patience));
    let mut taken = 0;
    while taken < bytes.len() {
        match socket.write(&bytes[taken..]) {
            Ok(written) => taken += written,
            Err(error) => match error.kind() {
                ErrorKind::Interrupted => {}
                ErrorKind::WouldBlock | ErrorKind::TimedOut => return Ok(taken),
                _ => return Err(taken),
            },
        }
    }
    Ok(taken)
}
