#![deny(unsafe_code)]

mod app;
mod budget;
mod buffers;
mod connection;
mod event_loop;
mod http;
mod protocol;
mod sys;

use std::io;
use std::net::SocketAddrV4;
use std::process::ExitCode;

use app::{ROOM, Site};
use budget::Budget;
use event_loop::EventLoop;
use http::{Http, Router};

const STEP: &str = env!("CARGO_PKG_NAME");

fn main() -> ExitCode {
    let mut arguments: Vec<String> = std::env::args().skip(1).collect();
    let address = arguments.pop_if(|last| last.contains(':'));
    let folder = arguments.pop().unwrap_or(".".into());
    let Ok(address) = address.as_deref().unwrap_or("127.0.0.1:8080").parse() else {
        eprintln!("usage: {STEP} [FOLDER] [ADDR:PORT]");
        return ExitCode::from(2);
    };
    if let Err(error) = serve(&folder, address) {
        eprintln!("{STEP}: {folder} at {address}: {error}");
    }
    ExitCode::FAILURE
}

fn serve(folder: &str, address: SocketAddrV4) -> io::Result<()> {
    let site = Site::open(folder)?;
    let listener = sys::socket()?;
    sys::set_option(&listener, libc::SOL_SOCKET, libc::SO_REUSEADDR)?;
    sys::set_option(&listener, libc::IPPROTO_TCP, libc::TCP_NODELAY)?;
    sys::bind(&listener, address)?;
    sys::listen(&listener)?;
    println!("listening on {}", sys::local_address(&listener)?);

    let router = Router::new(site, Site::ROUTES, Budget::new(ROOM));
    let mut http = Http::new(router);
    EventLoop::new(&listener, &mut http).run()
}
