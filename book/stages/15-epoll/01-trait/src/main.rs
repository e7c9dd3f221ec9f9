#![deny(unsafe_code)]

mod app;
mod budget;
mod buffers;
mod connection;
mod event_loop;
mod http;
mod limits;
mod poller;
mod protocol;
mod sys;
mod timers;

use std::io;
use std::net::SocketAddrV4;
use std::process::ExitCode;
use std::time::Duration;

use app::{ROOM, Site};
use budget::Budget;
use event_loop::EventLoop;
use http::{Http, Router};

const STEP: &str = env!("CARGO_PKG_NAME");
const PATIENCE: Duration = Duration::from_secs(30);
const DAY: u32 = 24 * 60 * 60;

fn main() -> ExitCode {
    let mut arguments: Vec<String> = std::env::args().skip(1).collect();
    let patience = take_patience(&mut arguments);
    let address = arguments.pop_if(|last| last.contains(':'));
    let folder = arguments.pop().unwrap_or(".".into());
    let address = address.as_deref().unwrap_or("127.0.0.1:8080").parse();
    let (Some(patience), Ok(address)) = (patience, address) else {
        eprintln!("usage: {STEP} [--patience SECONDS] [FOLDER] [ADDR:PORT]");
        return ExitCode::from(2);
    };
    if let Err(error) = serve(&folder, address, patience) {
        eprintln!("{STEP}: {folder} at {address}: {error}");
    }
    ExitCode::FAILURE
}

fn take_patience(arguments: &mut Vec<String>) -> Option<Duration> {
    if arguments.first().is_none_or(|first| first != "--patience") {
        return Some(PATIENCE);
    }
    let seconds: u32 = arguments.get(1)?.parse().ok()?;
    arguments.drain(..2);
    (1..=DAY).contains(&seconds).then(|| Duration::from_secs(seconds.into()))
}

fn serve(folder: &str, address: SocketAddrV4, patience: Duration) -> io::Result<()> {
    let site = Site::open(folder)?;
    let listener = sys::socket()?;
    sys::set_option(&listener, libc::SOL_SOCKET, libc::SO_REUSEADDR)?;
    sys::set_option(&listener, libc::IPPROTO_TCP, libc::TCP_NODELAY)?;
    sys::bind(&listener, address)?;
    sys::listen(&listener)?;
    println!("listening on {}", sys::local_address(&listener)?);

    let router = Router::new(site, Site::ROUTES, Budget::new(ROOM));
    let mut http = Http::new(router);
    EventLoop::new(&listener, &mut http, patience)?.run()
}
