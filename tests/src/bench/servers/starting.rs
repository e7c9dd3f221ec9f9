//! How long it takes from the start of a program to its first answer.

use std::io::{self, ErrorKind};
use std::net::{Ipv4Addr, SocketAddr, TcpStream};
use std::os::unix::process::CommandExt;
use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use crate::bench::generator::Response;
use crate::server::Program;
use crate::system::core::stay_on;
use crate::system::group::Group;
use crate::system::port::Port;

/// How long nobody tries to connect after it was refused: it is part of what is measured.
const PAUSE: Duration = Duration::from_micros(50);

/// The program gets the address as its last argument, and is ended afterwards.
pub fn first_answer(
    program: &Program,
    core: usize,
    request: &[u8],
    patience: Duration,
) -> io::Result<Duration> {
    let port = Port::claim();
    let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port.number));
    let words = program.words();
    let mut command = Command::new(&words[0]);
    command.args(&words[1..]).arg(address.to_string());
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    command.process_group(0);
    let started = thread::scope(|scope| {
        let starter = scope.spawn(|| {
            stay_on(core)?;
            let start = Instant::now();
            Ok::<_, io::Error>((start, command.spawn()?))
        });
        starter.join().expect("it ends")
    });
    let (start, mut child) = started?;
    let group = Group::of(&child);
    let answered = wait(address, request, start, patience);
    group.stop();
    child.wait()?;
    answered
}

fn wait(
    address: SocketAddr,
    request: &[u8],
    start: Instant,
    patience: Duration,
) -> io::Result<Duration> {
    let stream = loop {
        match TcpStream::connect(address) {
            Err(error) if error.kind() != ErrorKind::ConnectionRefused => {
                return Err(error);
            }
            Err(_) if start.elapsed() < patience => thread::sleep(PAUSE),
            connected => break connected?,
        }
    };
    stream.set_read_timeout(Some(patience))?;
    Response::exchange(&stream, request)?;
    Ok(start.elapsed())
}
