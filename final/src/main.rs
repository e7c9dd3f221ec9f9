use std::io::{self, ErrorKind, Write, stdout};
use std::net::SocketAddr;
use std::path::Path;
use std::process::ExitCode;
use std::time::Duration;

use clap::Parser;

use lander::app::{AccessLog, ROOM, Shown, Sink, Site};
use lander::budget::Budget;
use lander::config::{Config, LogTarget};
use lander::http::Router;
use lander::peers::Proxies;
use lander::server::Server;
use lander::signals;

fn main() -> ExitCode {
    match serve(&Config::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(sentence) => {
            eprintln!("final: {sentence}");
            ExitCode::FAILURE
        }
    }
}

fn serve(config: &Config) -> Result<(), String> {
    let (folder, address) = (&config.folder, config.listen);
    let shown = Shown { listings: !config.no_listing, dotfiles: config.dotfiles };
    let site = Site::open(folder, shown).map_err(|error| no_site(folder, &error))?;
    let sink = open_log(&config.log)?;
    let poller = config.poller.open();
    let poller = poller.map_err(|error| format!("cannot wait for clients: {error}"))?;
    let server = Server::bind(address).map_err(|error| no_server(address, &error))?;
    // Whether anybody reads this is no concern of those who are served.
    let _ = writeln!(stdout(), "listening on {}", server.address());
    let router = Router::new(site, Site::ROUTES, Budget::new(ROOM));
    let patience = Duration::from_secs(config.patience.into());
    let Err(error) = match sink {
        None => signals::hold_hangups()
            .and_then(|()| server.run(router, (), poller, patience)),
        Some(sink) => signals::start_log(sink).and_then(|writer| {
            let log = AccessLog::new(writer, Proxies::new(config.trust_proxy.clone()));
            server.run(router, log, poller, patience)
        }),
    };
    Err(format!("cannot serve: {error}"))
}

/// `None` if nothing is to be logged.
fn open_log(target: &LogTarget) -> Result<Option<Sink>, String> {
    let sink = match target {
        LogTarget::None => return Ok(None),
        LogTarget::Stdout => Sink::stdout()
            .map_err(|error| format!("there is no standard output: {error}")),
        LogTarget::File(path) => Sink::file(path).map_err(|error| no_log(path, &error)),
    };
    sink.map(Some)
}

fn no_log(path: &Path, error: &io::Error) -> String {
    let shown = path.display();
    match error.kind() {
        ErrorKind::NotFound => format!("there is no folder for the log {shown}"),
        ErrorKind::IsADirectory => format!("{shown} is a folder, and the log is a file"),
        ErrorKind::PermissionDenied => format!("the log {shown} may not be written"),
        _ => format!("cannot write the log {shown}: {error}"),
    }
}

fn no_site(folder: &Path, error: &io::Error) -> String {
    match error.kind() {
        ErrorKind::NotFound => format!("there is no folder {}", folder.display()),
        ErrorKind::NotADirectory => format!("{} is not a folder", folder.display()),
        _ => format!("cannot serve the folder {}: {error}", folder.display()),
    }
}

fn no_server(address: SocketAddr, error: &io::Error) -> String {
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_mistake_has_its_sentence() {
        let folder = Path::new("/srv");
        for (errno, sentence) in [
            (libc::ENOENT, "there is no folder /srv"),
            (libc::ENOTDIR, "/srv is not a folder"),
            (libc::EIO, "cannot serve the folder /srv: Input/output error (os error 5)"),
        ] {
            let error = io::Error::from_raw_os_error(errno);
            assert_eq!(no_site(folder, &error), sentence);
        }
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
            assert_eq!(no_server(address, &error), sentence);
        }
    }
}
