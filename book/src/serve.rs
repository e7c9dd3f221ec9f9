//! The book on the server that it is about.

use std::io::ErrorKind;
use std::net::SocketAddr;
use std::path::Path;

use anyhow::{Result, anyhow};
use lander::app::Files;
use lander::server::Server;

/// Serves the pages in `folder`. Calls `ready` with the address once clients can connect.
pub fn serve(
    folder: &Path,
    listen: SocketAddr,
    ready: impl FnOnce(SocketAddr),
) -> Result<()> {
    let files = Files::open(folder).map_err(|error| {
        anyhow!("cannot serve the folder {}: {error}", folder.display())
    })?;
    let server = Server::bind(listen).map_err(|error| match error.kind() {
        ErrorKind::AddrInUse => anyhow!(
            "another program listens on {listen} already; choose another port with --listen"
        ),
        _ => anyhow!("cannot listen on {listen}: {error}"),
    })?;
    ready(server.address());
    server.run(files).map_err(|error| anyhow!("cannot wait for clients: {error}"))
}
