//! The book on the server that it is about.

use std::io::ErrorKind;
use std::net::SocketAddr;
use std::path::Path;
use std::time::Duration;

use anyhow::{Result, anyhow};
use lander::app::{Files, Shown};
use lander::budget::Budget;
use lander::http::{Route, Router, Target};
use lander::peers::Proxies;
use lander::poller::Kind;
use lander::server::Server;

/// The port of the book, and of every step, where no other is asked for.
const SHARED: u16 = 8080;

/// How long a browser may take for a request, and for each part of a page.
const PATIENCE: Duration = Duration::from_secs(30);

/// The book is a folder and no more.
const ROUTES: &[Route<Files>] = &[Route::get(Target::ANY, Files::answer)];

/// Listens on `address`: from here on clients can connect, and wait until the book is served.
pub fn bind(address: SocketAddr) -> Result<Server> {
    Server::bind(address).map_err(|error| match error.kind() {
        ErrorKind::AddrInUse => anyhow!(
            "another program listens on {address} already; `--listen {}` serves the book \
             elsewhere",
            elsewhere(address)
        ),
        _ => anyhow!("cannot listen on {address}: {error}"),
    })
}

/// Serves the pages in `folder`.
pub fn serve(server: &Server, folder: &Path) -> Result<()> {
    let files = Files::open(folder, Shown::default()).map_err(|error| {
        anyhow!("cannot serve the folder {}: {error}", folder.display())
    })?;
    let router = Router::new(files, ROUTES, Budget::new(0));
    let limits = server.limits(1, Proxies::default())?;
    Ok(server.run(router, (), Kind::Epoll.open()?, limits, PATIENCE)?)
}

/// Where the book can be read, for whoever started it.
pub fn welcome(address: SocketAddr) -> String {
    let mut text = format!("Read it at http://{address}/ (Ctrl-C ends)");
    if address.port() == SHARED {
        let elsewhere = elsewhere(address);
        text.push_str(&format!(
            "\nThe steps listen on port {SHARED} too: `--listen {elsewhere}` moves the book out of \
             their way."
        ));
    }
    text
}

/// An address that is likely to be free when this one isn't.
fn elsewhere(address: SocketAddr) -> SocketAddr {
    let mut other = address;
    other.set_port(if address.port() == 8000 { 0 } else { 8000 });
    other
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whoever_serves_the_book_where_the_steps_listen_is_told() {
        let said = welcome("127.0.0.1:8080".parse().unwrap());
        assert!(said.contains("--listen 127.0.0.1:8000"), "{said}");
        let said = welcome("127.0.0.1:8000".parse().unwrap());
        assert_eq!(said, "Read it at http://127.0.0.1:8000/ (Ctrl-C ends)");
    }
}
