//! What the operator asks for.

use std::net::SocketAddr;
use std::path::PathBuf;

use clap::Parser;

/// Serves a folder's files over HTTP/1.1, and keeps short links and pastes.
///
/// A folder's page is its index.html. Nothing outside the folder is served, however the
/// request spells it and wherever a symbolic link leads. A URL posted to /s, or a text
/// posted to /p, gets a place of its own, until the server ends.
#[derive(Debug, Parser)]
#[command(name = "final", version, max_term_width = 90)]
pub struct Config {
    /// The folder to serve.
    #[arg(value_name = "DIR")]
    pub folder: PathBuf,

    /// Where to listen; port 0 takes a free one.
    #[arg(long, value_name = "ADDR:PORT", default_value = "127.0.0.1:8080")]
    pub listen: SocketAddr,
}
