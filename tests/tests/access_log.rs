//! The log of the finished server, as its operator sees it.

use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Stdio};

use checks::server::Server;
use checks::subject::finished::{FINAL, PATIENCE, get, look_until, serve_with};
use rustix::process::Signal;

fn text_of(path: &Path) -> String {
    fs::read_to_string(path).unwrap_or_default()
}

/// Two requests, one after the other: when the second is answered, the first is in the log's hands.
fn ask_twice(server: &Server, fields: &str) {
    let mut socket = TcpStream::connect(server.address).unwrap();
    socket.set_read_timeout(Some(PATIENCE)).unwrap();
    for (target, more) in [("/first", ""), ("/second", "Connection: close\r\n")] {
        let head = format!("GET {target} HTTP/1.1\r\nHost: a\r\n{fields}{more}\r\n");
        socket.write_all(head.as_bytes()).unwrap();
        let mut response = Vec::new();
        while !response.ends_with(b"Not Found\n") {
            let mut buffer = [0; 1024];
            let count = socket.read(&mut buffer).unwrap();
            assert_ne!(count, 0, "{}", response.escape_ascii());
            response.extend_from_slice(&buffer[..count]);
        }
    }
}

#[test]
fn each_request_is_a_line_on_stdout() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("a.txt"), "hello\n").unwrap();
    let server = serve_with(folder.path(), &[]);
    get(&server, "/a.txt").unwrap();
    get(&server, "/\"\u{1b}[2J").unwrap();
    let lines = |text: &str| text.matches("127.0.0.1 - - [").count() == 2;
    let text = look_until(|| server.output().stdout, lines);
    assert!(text.starts_with("listening on 127.0.0.1:PORT\n"), "{text}");
    assert!(text.contains("] \"GET /a.txt HTTP/1.1\" 200 6 \"-\" \"-\"\n"), "{text}");
    let escaped = r#"] "GET /\"\x1b[2J HTTP/1.1" 400 16 "-" "-""#;
    assert!(text.contains(escaped), "{text}");
}

#[test]
fn the_log_says_for_whom_a_trusted_proxy_asks() {
    let folder = tempfile::tempdir().unwrap();
    let log = folder.path().join("log");
    let name = log.to_str().unwrap();
    for (options, client) in [
        (&["--trust-proxy", "127.0.0.0/8"][..], "192.0.2.7"),
        (&["--trust-proxy", "10.0.0.1", "--trust-proxy", "127.0.0.1"], "192.0.2.7"),
        (&["--trust-proxy", "10.0.0.1"], "127.0.0.1"),
        (&[], "127.0.0.1"),
    ] {
        let server = serve_with(folder.path(), &[&["--log", name], options].concat());
        ask_twice(&server, "X-Forwarded-For: 1.1.1.1, 192.0.2.7\r\n");
        let text = look_until(|| text_of(&log), |text| text.contains("/second"));
        let all = text.lines().all(|line| line.starts_with(&format!("{client} - - [")));
        assert!(all, "{options:?}: {text}");
        drop(server);
        fs::remove_file(&log).unwrap();
    }
}

/// As logrotate does it: another name, and a SIGHUP.
#[test]
fn a_log_is_opened_anew_on_sighup() {
    let folder = tempfile::tempdir().unwrap();
    let (log, old) = (folder.path().join("log"), folder.path().join("log.1"));
    fs::write(&log, "what was there before\n").unwrap();
    let server = serve_with(folder.path(), &["--log", log.to_str().unwrap()]);
    get(&server, "/one").unwrap();
    look_until(|| text_of(&log), |text| text.contains("/one "));
    fs::rename(&log, &old).unwrap();
    server.signal(Signal::HUP);
    look_until(|| log.exists().to_string(), |exists| exists == "true");
    get(&server, "/two").unwrap();
    let new = look_until(|| text_of(&log), |text| text.contains("/two "));
    assert_eq!(new.lines().count(), 1, "{new}");
    let old = text_of(&old);
    assert!(old.starts_with("what was there before\n127.0.0.1 - - ["), "{old}");
    assert!(!old.contains("/two"), "{old}");
}

#[test]
fn sighup_ends_nothing() {
    let folder = tempfile::tempdir().unwrap();
    for options in [&[][..], &["--log", "none"]] {
        let mut server = serve_with(folder.path(), options);
        for _ in 0..3 {
            server.signal(Signal::HUP);
            assert!(get(&server, "/").unwrap().starts_with("HTTP/1.1 200 "));
        }
        assert!(server.exit_status().is_none(), "{options:?}");
    }
}

#[test]
fn without_a_log_nothing_is_logged() {
    let folder = tempfile::tempdir().unwrap();
    let mut server = serve_with(folder.path(), &["--log", "none"]);
    ask_twice(&server, "");
    server.signal(Signal::TERM);
    let status = server.exit_within(PATIENCE).expect("it ends");
    assert_eq!(status.code(), Some(0));
    assert!(!server.output().stdout.contains("GET"), "{}", server.output().stdout);
}

#[test]
fn the_signals_that_end_it_leave_the_log_whole() {
    let folder = tempfile::tempdir().unwrap();
    let log = folder.path().join("log");
    for signal in [Signal::TERM, Signal::INT] {
        let mut server = serve_with(folder.path(), &["--log", log.to_str().unwrap()]);
        ask_twice(&server, "");
        server.signal(signal);
        let status = server.exit_within(PATIENCE).expect("it ends");
        assert_eq!(status.code(), Some(0));
        let text = text_of(&log);
        assert!(text.contains("\"GET /first HTTP/1.1\" 404 14 "), "{text}");
        fs::remove_file(&log).unwrap();
    }
}

/// It is stopped with the test.
struct Stopped(Child);

impl Drop for Stopped {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// A pipe has room for some hundred lines. The others wait, as far as there is room, or are counted:
/// each request is a line or a part of that count.
#[test]
fn a_log_that_nobody_reads_stalls_nobody() {
    const REQUESTS: usize = 20_000;
    const AT_ONCE: usize = 100;
    let folder = tempfile::tempdir().unwrap();
    let child = Command::new(&*FINAL)
        .arg(folder.path())
        .args(["--listen", "127.0.0.1:0"])
        .stdout(Stdio::piped())
        .spawn();
    let mut server = Stopped(child.unwrap());
    let mut stdout = BufReader::new(server.0.stdout.take().unwrap());
    let mut line = String::new();
    stdout.read_line(&mut line).unwrap();
    let address = line.trim().strip_prefix("listening on ").unwrap();

    let agent = "x".repeat(250);
    let head = format!("GET /x HTTP/1.1\r\nHost: a\r\nUser-Agent: {agent}\r\n\r\n");
    let heads = head.repeat(AT_ONCE);
    // A connection makes 10,000 requests at most.
    for _ in 0..4 {
        let mut socket = TcpStream::connect(address).unwrap();
        socket.set_read_timeout(Some(PATIENCE)).unwrap();
        let mut responses = BufReader::new(socket.try_clone().unwrap());
        for _ in 0..REQUESTS / AT_ONCE / 4 {
            socket.write_all(heads.as_bytes()).unwrap();
            let mut answered = 0;
            while answered < AT_ONCE {
                let mut line = String::new();
                assert_ne!(responses.read_line(&mut line).unwrap(), 0, "it closes");
                answered += usize::from(line == "404 Not Found\n");
            }
        }
    }
    assert!(server.0.try_wait().unwrap().is_none(), "it lives");

    let (mut logged, mut missing) = (0, 0);
    while logged + missing < REQUESTS {
        let mut line = String::new();
        assert_ne!(stdout.read_line(&mut line).unwrap(), 0, "it ends");
        let count = line.strip_prefix("final: requests missing here: ");
        missing +=
            count.map_or(0, |rest| rest.split(',').next().unwrap().parse().unwrap());
        logged += usize::from(line.contains(&agent));
    }
    assert_eq!(logged + missing, REQUESTS);
    assert!(logged > 100 && missing > 100, "{logged} and {missing}");
}

#[test]
fn a_log_whose_reader_is_gone_ends_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let child = Command::new(&*FINAL)
        .arg(folder.path())
        .args(["--listen", "127.0.0.1:0"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn();
    let mut server = Stopped(child.unwrap());
    let mut line = String::new();
    // The reader is gone with this line.
    BufReader::new(server.0.stdout.take().unwrap()).read_line(&mut line).unwrap();
    let address = line.trim().strip_prefix("listening on ").unwrap();
    let ask = || {
        let mut socket = TcpStream::connect(address).unwrap();
        socket.set_read_timeout(Some(PATIENCE)).unwrap();
        let head = b"GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n";
        socket.write_all(head).unwrap();
        let mut response = String::new();
        socket.read_to_string(&mut response).unwrap();
        assert!(response.starts_with("HTTP/1.1 200 "), "{response}");
    };
    ask();
    let mut said = String::new();
    let mut stderr = BufReader::new(server.0.stderr.take().unwrap());
    stderr.read_line(&mut said).unwrap();
    assert!(said.starts_with("final: cannot write the log: Broken pipe"), "{said}");
    ask();
    assert!(server.0.try_wait().unwrap().is_none(), "it lives");
}
