use std::io::{self, ErrorKind, Write, stdout};
use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use clap::Parser;

use lander::app::{AccessLog, ROOM, Shown, Sink, Site, Writer};
use lander::budget::Budget;
use lander::config::{Config, LogTarget};
use lander::event_loop::EventLoop;
use lander::handover::{Predecessor, Successors};
use lander::http::{Http, Router};
use lander::listen::Listen;
use lander::peers::Proxies;
use lander::server::Server;
use lander::signals::{self, LOG_PATIENCE, Signals};
use lander::start;
use lander::workers::{self, Drain};

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
    signals::hold_hangups().map_err(because("cannot hold SIGHUP back"))?;
    let folder = &config.folder;
    let shown = Shown { listings: !config.no_listing, dotfiles: config.dotfiles };
    let site = Site::open(folder, shown).map_err(|error| no_site(folder, &error))?;
    let sink = open_log(&config.log)?;
    let workers = config.workers();
    let pollers: io::Result<Vec<_>> =
        (0..workers).map(|_| config.poller.open()).collect();
    let pollers = pollers.map_err(because("cannot wait for clients"))?;
    let predecessor = match &config.handover {
        Some(path) => Predecessor::at(path).map_err(|error| no_handover(path, &error))?,
        None => None,
    };
    let server = listen(&config.listen, workers, predecessor.as_ref())?;
    let proxies = Proxies::new(config.trust_proxy.clone());
    let limits = server
        .limits(workers, proxies.clone())
        .map_err(because("cannot ask how many clients there may be"))?;
    let signals = Signals::hold().map_err(because("cannot hold signals back"))?;
    let successors = config
        .handover
        .as_ref()
        .map(|path| Successors::at(path).map_err(|error| no_handover(path, &error)));
    let successors = successors.transpose()?;
    // Whether anybody reads this is no concern of those who are served.
    let start = start::lines(&server.places(), config, &limits);
    let _ = stdout().write_all(start.as_bytes());

    let writer = sink.map(Writer::start).transpose();
    let writer = writer.map_err(because("no thread for the log"))?;
    let budget = Budget::new(ROOM);
    let protocol = |_| {
        let router = Router::new(site.part_of(workers), Site::ROUTES, budget.clone());
        let log = writer.clone().map(|writer| AccessLog::new(writer, proxies.clone()));
        Http::with_log(router, log)
    };
    let mut protocols: Vec<_> = (0..workers).map(protocol).collect();
    let drain = Arc::new(Drain::new(workers).map_err(because("cannot serve"))?);
    let patience = Duration::from_secs(config.patience.into());
    let event_loop = |(worker, (protocol, poller))| {
        let (sockets, handle) = (server.sockets(worker, workers), drain.handle(worker));
        let limits = limits.part_of(workers);
        EventLoop::new(sockets, protocol, poller, limits, patience, handle)
    };
    let loops = protocols.iter_mut().zip(pollers).enumerate().map(event_loop);
    let loops: io::Result<Vec<_>> = loops.collect();
    let loops = loops.map_err(because("cannot serve"))?;
    let grace = Duration::from_secs(config.grace.into());
    signals
        .serve(writer.clone(), Arc::clone(&drain), grace)
        .map_err(because("no thread for signals"))?;
    match successors {
        Some(successors) => {
            drain.keep(server.into_listeners());
            successors
                .serve(Arc::clone(&drain), grace)
                .map_err(because("no thread for a handover"))?;
        }
        // From here on the sockets are the workers' alone, and closed with the last of them.
        None => drop(server),
    }
    // It may be gone by now, and then there is nobody to be told.
    let _ = predecessor.map(Predecessor::release);
    workers::run(loops, &drain).map_err(because("no thread for a worker"))?;
    writer.iter().for_each(|writer| writer.finish(LOG_PATIENCE));
    Ok(())
}

/// What went wrong, in front of the system's reason.
fn because(what: &str) -> impl Fn(io::Error) -> String {
    move |error| format!("{what}: {error}")
}

fn listen(
    places: &[Listen],
    workers: usize,
    predecessor: Option<&Predecessor>,
) -> Result<Server, String> {
    let open = |place: &Listen| place.open(workers, predecessor);
    let listeners: Result<Vec<_>, _> = places.iter().map(open).collect();
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

fn no_handover(path: &Path, error: &io::Error) -> String {
    let shown = path.display();
    match error.kind() {
        ErrorKind::AlreadyExists => {
            format!("{shown} is there already, and is not a socket")
        }
        ErrorKind::NotFound => format!("there is no folder for the socket {shown}"),
        ErrorKind::PermissionDenied => {
            format!("the socket {shown} for a handover is another user's")
        }
        _ => format!("cannot hand over at {shown}: {error}"),
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
