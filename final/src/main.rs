use std::io::{ErrorKind, Write, stdout};
use std::process::ExitCode;

use clap::Parser;

use lander::app::Site;
use lander::config::Config;
use lander::http::Router;
use lander::server::Server;

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
    let site = Site::open(folder).map_err(|error| match error.kind() {
        ErrorKind::NotFound => format!("there is no folder {}", folder.display()),
        ErrorKind::NotADirectory => format!("{} is not a folder", folder.display()),
        _ => format!("cannot serve the folder {}: {error}", folder.display()),
    })?;
    let server = Server::bind(address).map_err(|error| match error.kind() {
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
    })?;
    // Whether anybody reads this is no concern of those who are served.
    let _ = writeln!(stdout(), "listening on {}", server.address());
    let router = Router::new(site, Site::ROUTES);
    server.run(router)
}
