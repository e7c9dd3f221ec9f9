//! A new server takes the place of the old one, and no request is lost.

use std::fs;
use std::io::{self, BufRead, BufReader, ErrorKind, Read, Write};
use std::net::TcpStream;
use std::os::unix::net::UnixStream;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};

use checks::subject::finished::{FINAL, PATIENCE};
use rustix::event::{PollFd, PollFlags, poll};
use rustix::process::{Pid, PidfdFlags, Signal, kill_process, pidfd_open};
use tempfile::TempDir;

/// A server that is stopped with the test.
struct Started {
    child: Child,
    places: Vec<String>,
}

impl Drop for Started {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Started {
    /// Its exit code, once it ends.
    fn ends(mut self) -> Option<i32> {
        let child = Pid::from_child(&self.child);
        let process = pidfd_open(child, PidfdFlags::empty()).unwrap();
        let mut ended = [PollFd::new(&process, PollFlags::IN)];
        let limit = (PATIENCE * 2).try_into().unwrap();
        assert_eq!(poll(&mut ended, Some(&limit)), Ok(1), "it doesn't end");
        self.child.wait().unwrap().code()
    }
}

fn site() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("a.txt"), "hello\n").unwrap();
    folder
}

fn command(folder: &Path, places: &[String], options: &[&str]) -> Command {
    let mut command = Command::new(&*FINAL);
    command.arg(folder).arg("--log=none").args(options);
    command.arg("--handover").arg(folder.join("handover"));
    command.args(places.iter().flat_map(|place| ["--listen", place]));
    command
}

/// It serves when it says that it logs nothing, or will in a moment.
fn start(folder: &Path, places: &[String], options: &[&str]) -> Started {
    let mut command = command(folder, places, options);
    let mut child = command.stdout(Stdio::piped()).spawn().unwrap();
    let lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let lines = lines.map_while(Result::ok);
    let lines: Vec<String> = lines.take_while(|line| line != "logging nothing").collect();
    let places = lines.iter().filter_map(|line| line.strip_prefix("listening on "));
    let places = places.map(String::from).collect();
    Started { child, places }
}

/// The head of a response whose body is six bytes.
fn ask(mut socket: impl Read + Write, fields: &str) -> io::Result<String> {
    let request = format!("GET /a.txt HTTP/1.1\r\nHost: a\r\n{fields}\r\n");
    socket.write_all(request.as_bytes())?;
    let mut text = Vec::new();
    while !text.ends_with(b"\r\n\r\nhello\n") {
        let mut buffer = [0; 1024];
        match socket.read(&mut buffer)? {
            0 => return Err(ErrorKind::UnexpectedEof.into()),
            count => text.extend_from_slice(&buffer[..count]),
        }
    }
    Ok(String::from_utf8(text).unwrap())
}

fn connect(address: &str) -> io::Result<TcpStream> {
    let socket = TcpStream::connect(address)?;
    socket.set_read_timeout(Some(PATIENCE))?;
    Ok(socket)
}

/// Clients ask all the time, on new connections and on kept ones, while one server after the other takes
/// the place of the one before. Not one request is lost of `requests` on each sort of connection, at least.
fn restart_under_load(requests: usize, restarts: usize) {
    let folder = site();
    let folder = folder.path();
    let (new, kept) = (AtomicUsize::new(0), AtomicUsize::new(0));
    let are_done = AtomicBool::new(false);
    // Whether there is another request to make.
    let goes_on = |count: &AtomicUsize| {
        count.fetch_add(1, Ordering::Relaxed) < requests
            || !are_done.load(Ordering::Relaxed)
    };
    // A new connection is about to be made.
    let (say, hear) = mpsc::channel();
    let mut server = start(folder, &["127.0.0.1:0".into()], &["--workers=2"]);
    let places = server.places.clone();
    thread::scope(|scope| {
        let mut clients = Vec::new();
        for number in 0..6 {
            let (new, kept, goes_on, address) = (&new, &kept, &goes_on, &places[0]);
            let say = say.clone();
            clients.push(scope.spawn(move || match number % 2 {
                0 => new_connections(address, || {
                    let _ = say.send(());
                    goes_on(new)
                }),
                _ => kept_connections(address, || goes_on(kept)),
            }));
        }
        // As many as there are workers, fewer, and more.
        for (index, workers) in [2, 1, 3].into_iter().cycle().take(restarts).enumerate() {
            let part = requests * (index + 1) / (restarts + 1);
            while new.load(Ordering::Relaxed) < part {
                hear.recv_timeout(PATIENCE).expect("clients go on asking");
            }
            let next = start(folder, &places, &[&format!("--workers={workers}")]);
            assert_eq!(next.places, places);
            let old = std::mem::replace(&mut server, next);
            assert_eq!(old.ends(), Some(0));
        }
        are_done.store(true, Ordering::Relaxed);
        for client in clients {
            client.join().unwrap().expect("no request is lost");
        }
    });
    let (new, kept) = (new.into_inner(), kept.into_inner());
    eprintln!("{restarts} restarts: {new} on new connections, {kept} on kept ones");
}

fn new_connections(address: &str, goes_on: impl Fn() -> bool) -> Result<(), String> {
    while goes_on() {
        let ask = connect(address).and_then(|it| ask(it, "Connection: close\r\n"));
        ask.map_err(|error| format!("on a new connection: {error}"))?;
    }
    Ok(())
}

/// A client that waits for longer than this between two requests may find the connection closed.
const SHORT: Duration = Duration::from_millis(800);

fn kept_connections(address: &str, goes_on: impl Fn() -> bool) -> Result<(), String> {
    while goes_on() {
        let error = |error| format!("on a connection that is kept: {error}");
        let socket = connect(address).map_err(error)?;
        let mut response = ask(&socket, "").map_err(error)?;
        let mut last = Instant::now();
        while !response.contains("\r\nConnection: close\r\n")
            && last.elapsed() < SHORT
            && goes_on()
        {
            response = ask(&socket, "").map_err(error)?;
            last = Instant::now();
        }
    }
    Ok(())
}

#[test]
fn no_request_is_lost_when_servers_take_turns() {
    restart_under_load(20_000, 4);
}

#[test]
#[ignore = "the long tier: cargo test --no-fail-fast -- --ignored"]
fn none_of_100_000_requests_is_lost_when_servers_take_turns() {
    restart_under_load(100_000, 12);
}

/// What the new one isn't told to listen to is closed, and what the old one doesn't have is made.
#[test]
fn a_successor_listens_where_it_is_told() {
    let folder = site();
    let (folder, path) = (folder.path(), folder.path().join("socket"));
    let unix = format!("unix:{}", path.display());
    let places = ["127.0.0.1:0".into(), "127.0.0.1:0".into(), unix.clone()];
    let old = start(folder, &places, &["--workers=2"]);
    let (kept, left_out) = (old.places[0].clone(), old.places[1].clone());
    let waiting = UnixStream::connect(&path).unwrap();
    waiting.set_read_timeout(Some(PATIENCE)).unwrap();
    let places = [kept.clone(), "127.0.0.1:0".into(), unix];
    let new = start(folder, &places, &["--workers=1"]);
    assert_eq!((&new.places[0], &new.places[2]), (&kept, &places[2]));
    assert_ne!(new.places[1], left_out);
    ask(&waiting, "Connection: close\r\n").unwrap();
    drop(waiting);
    assert_eq!(old.ends(), Some(0));
    assert!(TcpStream::connect(&left_out).is_err());
    for place in &new.places[..2] {
        ask(connect(place).unwrap(), "").unwrap();
    }
    ask(UnixStream::connect(&path).unwrap(), "").unwrap();
    // The next one starts as if there had been none.
    kill_process(Pid::from_child(&new.child), Signal::TERM).unwrap();
    let places = new.places.clone();
    assert_eq!(new.ends(), Some(0));
    let next = start(folder, &places, &["--workers=1"]);
    assert_eq!(next.places, places);
}

#[test]
fn a_successor_that_cannot_serve_changes_nothing() {
    let folder = site();
    let mut old = start(folder.path(), &["127.0.0.1:0".into()], &["--workers=2"]);
    // From a range for documentation, RFC 5737.
    let places = [old.places[0].clone(), "192.0.2.1:0".into()];
    let output = command(folder.path(), &places, &[]).output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    for _ in 0..20 {
        let response = ask(connect(&old.places[0]).unwrap(), "").unwrap();
        assert!(response.contains("\r\nConnection: keep-alive\r\n"), "{response}");
    }
    assert!(old.child.try_wait().unwrap().is_none());
}

#[test]
fn a_file_where_the_handover_should_be_is_one_sentence() {
    let folder = site();
    fs::write(folder.path().join("handover"), "precious").unwrap();
    let output = command(folder.path(), &["127.0.0.1:0".into()], &[]).output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    let stderr = String::from_utf8(output.stderr).unwrap();
    assert!(stderr.ends_with("is there already, and is not a socket\n"), "{stderr}");
    assert_eq!(stderr.lines().count(), 1, "{stderr}");
    let text = fs::read_to_string(folder.path().join("handover")).unwrap();
    assert_eq!(text, "precious");
}
