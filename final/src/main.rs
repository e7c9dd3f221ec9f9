use std::io::{self, ErrorKind, Write, stdout};
use std::path::Path;
use std::process::ExitCode;
use std::time::Duration;

use clap::Parser;

use lander::app::{AccessLog, ROOM, Shown, Sink, Site};
use lander::budget::Budget;
use lander::config::{Config, LogTarget};
use lander::http::Router;
use lander::listen::Listen;
use lander::peers::Proxies;
use lander::server::Server;
use lander::{signals, start};

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
    // Whoever knows where it listens may send one.
    signals::hold_hangups()
        .map_err(|error| format!("cannot hold SIGHUP back: {error}"))?;
    let folder = &config.folder;
    let shown = Shown { listings: !config.no_listing, dotfiles: config.dotfiles };
    let site = Site::open(folder, shown).map_err(|error| no_site(folder, &error))?;
    let sink = open_log(&config.log)?;
    let poller = config.poller.open();
    let poller = poller.map_err(|error| format!("cannot wait for clients: {error}"))?;
    let server = listen(&config.listen)?;
    let proxies = Proxies::new(config.trust_proxy.clone());
    let limits = server.limits(proxies.clone());
    let limits = limits
        .map_err(|error| format!("cannot ask how many clients there may be: {error}"))?;
    // Whether anybody reads this is no concern of those who are served.
    let start = start::lines(server.places(), config, &limits);
    let _ = stdout().write_all(start.as_bytes());

    let router = Router::new(site, Site::ROUTES, Budget::new(ROOM));
    let patience = Duration::from_secs(config.patience.into());
    let writer = sink.map(signals::start_log).transpose();
    let writer = writer.map_err(|error| format!("no thread for the log: {error}"))?;
    let log = writer.map(|writer| AccessLog::new(writer, proxies));
    let Err(error) = server.run(router, log, poller, limits, patience);
    Err(format!("cannot serve: {error}"))
}

fn listen(places: &[Listen]) -> Result<Server, String> {
    let listeners: Result<Vec<_>, _> = places.iter().map(Listen::open).collect();
    Ok(Server::new(listeners?.into_iter().flatten().collect()))
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
        let log = Path::new("/var/log/final");
        for (errno, sentence) in [
            (libc::ENOENT, "there is no folder for the log /var/log/final"),
            (libc::EISDIR, "/var/log/final is a folder, and the log is a file"),
            (libc::EACCES, "the log /var/log/final may not be written"),
            (
                libc::EIO,
                "cannot write the log /var/log/final: Input/output error (os error 5)",
            ),
        ] {
            let error = io::Error::from_raw_os_error(errno);
            assert_eq!(no_log(log, &error), sentence);
        }
    }
}
