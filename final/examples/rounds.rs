//! Drives a connection without a socket, as the event loop does with one: what the server itself
//! does with a request, and nothing of the kernel's. `bench --instructions` counts it.
//!
//! `rounds FOLDER ROUNDS` serves what standard input holds ROUNDS times, 500 times on each connection
//! as long as the server goes on with it, and prints what it sent the first time. With a third word,
//! `log`, it also makes the lines of a log. `rounds` alone prints how many bytes an idle connection
//! takes.

use std::io::{self, Read, Write, stdin, stdout};
use std::net::{IpAddr, Ipv4Addr};
use std::path::Path;

use lander::app::{AccessLog, ROOM, Shown, Site, Writer};
use lander::budget::Budget;
use lander::buffers::Output;
use lander::connection::{Connection, Wants};
use lander::event_loop::EventLoop;
use lander::http::{Http, Router};
use lander::peers::{Peer, Proxies};
use lander::protocol::Protocol;

/// How many rounds a connection has: few enough for the limit of its requests.
const CONNECTION: usize = 500;
const CLIENT: Peer = Peer::Ip(IpAddr::V4(Ipv4Addr::new(192, 0, 2, 235)));

type Server = Http<Router<Site>, Option<AccessLog>>;

fn main() -> io::Result<()> {
    let arguments: Vec<String> = std::env::args().collect();
    let log = AccessLog::new(Writer::default(), Proxies::default());
    match &arguments[1..] {
        [] => println!("{}", EventLoop::<Server>::CLIENT_SIZE),
        [folder, rounds] => serve(folder, rounds, None)?,
        [folder, rounds, _log] => serve(folder, rounds, Some(log))?,
        _ => panic!("rounds FOLDER ROUNDS [log]"),
    }
    Ok(())
}

fn serve(folder: &str, rounds: &str, log: Option<AccessLog>) -> io::Result<()> {
    let rounds: usize = rounds.parse().expect("a number of rounds");
    let mut input = Vec::new();
    stdin().read_to_end(&mut input)?;

    let site = Site::open(Path::new(folder), Shown::default())?;
    let router = Router::new(site, Site::ROUTES, Budget::new(ROOM));
    let mut http: Server = Http::with_log(router, log);
    let mut connection = Connection::new(http.open(CLIENT));
    let mut spare = Output::default();
    let mut first = Vec::new();
    round(&mut connection, &mut http, &input, &mut spare, |bytes| {
        first.extend_from_slice(bytes);
    });
    for number in 1..rounds {
        if number % CONNECTION == 0 {
            connection = Connection::new(http.open(CLIENT));
        }
        let mut count = 0;
        round(&mut connection, &mut http, &input, &mut spare, |bytes| {
            count += bytes.len();
        });
        assert_eq!(count, first.len(), "each round is like the first");
    }
    stdout().write_all(&first)
}

/// Receives `input`, and sends whatever the connection has to say.
fn round<P: Protocol>(
    connection: &mut Connection<P>,
    protocol: &mut P,
    input: &[u8],
    spare: &mut Output,
    mut send: impl FnMut(&[u8]),
) {
    protocol.tidy();
    connection.received(protocol, input, spare);
    while let Wants::Send { bytes, .. } = connection.wants() {
        let count = bytes.len();
        send(bytes);
        connection.sent(protocol, count, spare);
    }
    match connection.wants() {
        Wants::Shut | Wants::End => *connection = Connection::new(protocol.open(CLIENT)),
        wants => assert!(matches!(wants, Wants::Receive), "it goes on with bytes alone"),
    }
}
