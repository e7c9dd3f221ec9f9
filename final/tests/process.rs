//! The program as a process among others.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use rustix::process::{Pid, Resource, Rlimit, prlimit};

const PATIENCE: Duration = Duration::from_secs(60);

/// It is stopped with the test.
struct Server(Child);

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// poll(2) refuses more entries than descriptors may be open, with EINVAL. The connections that have
/// been idle for longest go until it doesn't, and the others stay.
#[test]
fn a_lowered_limit_of_descriptors_ends_the_connections_idle_for_longest_and_no_other() {
    let folder = tempfile::tempdir().unwrap();
    let child = Command::new(env!("CARGO_BIN_EXE_final"))
        .arg(folder.path())
        .args(["--no-listing", "--workers=1", "--poller=poll", "--listen=127.0.0.1:0"])
        .stdout(Stdio::piped())
        .spawn();
    let mut server = Server(child.unwrap());
    let mut line = String::new();
    let stdout = server.0.stdout.take().unwrap();
    BufReader::new(stdout).read_line(&mut line).unwrap();
    let address = line.trim().strip_prefix("listening on ").unwrap();
    let mut clients: Vec<TcpStream> = (0..20).map(|_| connect(address)).collect();
    clients.iter_mut().for_each(ask);

    let few = Rlimit { current: Some(10), maximum: Some(10) };
    prlimit(Some(Pid::from_child(&server.0)), Resource::Nofile, few).unwrap();
    // The first request is what wakes it; the next wait is refused.
    let youngest = clients.last_mut().unwrap();
    ask(youngest);
    ask(youngest);
    assert_eq!(clients[0].read(&mut [0; 64]).unwrap_or(0), 0);
    assert!(server.0.try_wait().unwrap().is_none(), "it lives");
}

fn connect(address: &str) -> TcpStream {
    let client = TcpStream::connect(address).unwrap();
    client.set_read_timeout(Some(PATIENCE)).unwrap();
    client
}

/// The folder is empty, so that it gets a refusal, whose body is a line of text.
fn ask(client: &mut TcpStream) {
    client.write_all(b"GET / HTTP/1.1\r\nHost: a\r\n\r\n").unwrap();
    let mut response = Vec::new();
    let mut buffer = [0; 4096];
    while !response.ends_with(b"\n") || response.ends_with(b"\r\n") {
        let received = client.read(&mut buffer).unwrap();
        assert_ne!(received, 0, "it closes");
        response.extend_from_slice(&buffer[..received]);
    }
    assert!(response.starts_with(b"HTTP/1.1 "));
}
