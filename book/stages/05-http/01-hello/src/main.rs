#![deny(unsafe_code)]

mod buffers;
mod connection;
mod event_loop;
mod http;
mod protocol;
mod sys;

use std::io;
use std::net::SocketAddrV4;
use std::process::ExitCode;

use http::Http;

const STEP: &str = env!("CARGO_PKG_NAME");

fn main() -> ExitCode {
    let argument = std::env::args().nth(1);
    let Ok(address) = argument.as_deref().unwrap_or("127.0.0.1:8080").parse() else {
        eprintln!("usage: {STEP} [ADDR:PORT]");
        return ExitCode::from(2);
    };
    if let Err(error) = serve(address) {
        eprintln!("{STEP}: {address}: {error}");
    }
    ExitCode::FAILURE
}

fn serve(address: SocketAddrV4) -> io::Result<()> {
    let listener = sys::socket()?;
    sys::set_option(&listener, libc::SOL_SOCKET, libc::SO_REUSEADDR)?;
    sys::bind(&listener, address)?;
    sys::listen(&listener)?;
    println!("listening on {}", sys::local_address(&listener)?);

    event_loop::run(&listener, &mut Http::default())
}
