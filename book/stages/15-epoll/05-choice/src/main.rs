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
use poller::Kind;

const STEP: &str = env!("CARGO_PKG_NAME");
const PATIENCE: Duration = Duration::from_secs(30);
const DAY: u32 = 24 * 60 * 60;
const OPTIONS: &str = "[--patience SECONDS] [--poller poll|epoll]";

fn main() -> ExitCode {
    let mut arguments: Vec<String> = std::env::args().skip(1).collect();
    let patience = take(&mut arguments, "--patience").map_or(Some(PATIENCE), patience);
    let poller = take(&mut arguments, "--poller").map_or(Some(Kind::Epoll), poller);
    let address = arguments.pop_if(|last| last.contains(':'));
    let folder = arguments.pop().unwrap_or(".".into());
    let address = address.as_deref().unwrap_or("127.0.0.1:8080").parse();
    let (Some(patience), Some(poller), Ok(address)) = (patience, poller, address) else {
        eprintln!("usage: {STEP} {OPTIONS} [FOLDER] [ADDR:PORT]");
        return ExitCode::from(2);
    };
    if let Err(error) = serve(&folder, address, patience, poller) {
        eprintln!("{STEP}: {folder} at {address}: {error}");
    }
    ExitCode::FAILURE
}

fn take(arguments: &mut Vec<String>, option: &str) -> Option<String> {
    let place = arguments.iter().position(|argument| argument == option)?;
    let upto = arguments.len().min(place + 2);
    Some(arguments.drain(place..upto).nth(1).unwrap_or_default())
}

fn patience(seconds: String) -> Option<Duration> {
    let seconds: u32 = seconds.parse().ok()?;
    (1..=DAY).contains(&seconds).then(|| Duration::from_secs(seconds.into()))
}

fn poller(name: String) -> Option<Kind> {
    match name.as_str() {
        "poll" => Some(Kind::Poll),
        "epoll" => Some(Kind::Epoll),
        _ => None,
    }
}

fn serve(
    folder: &str,
    address: SocketAddrV4,
    patience: Duration,
    poller: Kind,
) -> io::Result<()> {
    let site = Site::open(folder)?;
    let listener = sys::socket()?;
    sys::set_option(&listener, libc::SOL_SOCKET, libc::SO_REUSEADDR)?;
    sys::set_option(&listener, libc::IPPROTO_TCP, libc::TCP_NODELAY)?;
    sys::bind(&listener, address)?;
    sys::listen(&listener)?;
    let address = sys::local_address(&listener)?;

    let router = Router::new(site, Site::ROUTES, Budget::new(ROOM));
    let mut http = Http::new(router);
    let mut event_loop = EventLoop::new(&listener, &mut http, poller.open()?, patience)?;
    println!("listening on {address}");
    event_loop.run()
}
