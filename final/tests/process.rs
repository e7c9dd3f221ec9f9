//! The program as a process among others.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use rustix::process::{Pid, Resource, Rlimit, prlimit};

const PATIENCE: Duration = Duration::from_secs(20);

/// It is stopped with the test.
struct Server(Child);

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// poll(2) refuses more entries than descriptors may be open, with EINVAL. No signal came, and
/// another try would be as vain: the server ends, rather than try for ever.
#[test]
fn it_ends_when_it_cannot_wait_for_clients() {
    let folder = tempfile::tempdir().unwrap();
    let child = Command::new(env!("CARGO_BIN_EXE_final"))
        .arg(folder.path())
        .args(["--listen", "127.0.0.1:0"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn();
    let mut server = Server(child.unwrap());
    let child = &mut server.0;
    let mut line = String::new();
    BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
    let address = line.trim().strip_prefix("listening on ").unwrap().to_string();

    // Only when it answers has it raised its limit.
    ask(&address);
    let none = Rlimit { current: Some(0), maximum: Some(0) };
    prlimit(Some(Pid::from_child(child)), Resource::Nofile, none).unwrap();
    // It waits already: a client wakes it up.
    let _ = TcpStream::connect(address).unwrap();
    assert_eq!(exit_code(child), Some(1));
    let mut sentence = String::new();
    child.stderr.take().unwrap().read_to_string(&mut sentence).unwrap();
    assert!(sentence.starts_with("final: cannot wait for clients: "), "{sentence}");
}

fn ask(address: &str) {
    let mut client = TcpStream::connect(address).unwrap();
    client.set_read_timeout(Some(PATIENCE)).unwrap();
    let request = b"GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n";
    client.write_all(request).unwrap();
    let mut response = String::new();
    client.read_to_string(&mut response).unwrap();
    assert!(response.starts_with("HTTP/1.1 404 "), "{response}");
}

/// `None` if it doesn't end.
fn exit_code(child: &mut Child) -> Option<i32> {
    let start = Instant::now();
    while start.elapsed() < PATIENCE {
        if let Some(status) = child.try_wait().unwrap() {
            return status.code();
        }
        thread::sleep(Duration::from_millis(10));
    }
    None
}
