//! How the finished server ends, and what its workers have in common.

use std::ffi::OsString;
use std::fs;
use std::io::{self, BufRead, BufReader, ErrorKind, Read, Write};
use std::net::TcpStream;
use std::os::unix::process::ExitStatusExt;
use std::process::{Command, Stdio};

use checks::server::{Program, Server};
use checks::subject::finished::{FINAL, PATIENCE, get, look_until, serve_with};
use rustix::process::Signal;

/// Longer than any test waits.
const LONG_GRACE: &str = "--grace=300";

fn connect(server: &Server) -> TcpStream {
    let socket = TcpStream::connect(server.address).unwrap();
    socket.set_read_timeout(Some(PATIENCE)).unwrap();
    socket
}

/// Until nobody listens there any more: the server has taken notice of a signal.
fn wait_until_refused(server: &Server) {
    let connect = || TcpStream::connect(server.address).map(drop);
    let refused = |result: io::Result<()>| match result {
        Err(error) if error.kind() == ErrorKind::ConnectionRefused => "refused".into(),
        // It was let in, or waited in vain.
        _ => String::new(),
    };
    look_until(|| refused(connect()), |text| text == "refused");
}

fn post(server: &Server, target: &str, body: &str) -> String {
    let mut socket = connect(server);
    let length = body.len();
    let fields = format!("Host: a\r\nConnection: close\r\nContent-Length: {length}");
    let request = format!("POST {target} HTTP/1.1\r\n{fields}\r\n\r\n{body}");
    socket.write_all(request.as_bytes()).unwrap();
    let mut response = String::new();
    socket.read_to_string(&mut response).unwrap();
    response
}

/// One that has begun a paste of ten bytes, and was told to go on.
fn begin_upload(server: &Server) -> TcpStream {
    let mut socket = connect(server);
    let fields = "Host: a\r\nContent-Length: 10\r\nExpect: 100-continue";
    socket.write_all(format!("POST /p HTTP/1.1\r\n{fields}\r\n\r\n").as_bytes()).unwrap();
    let mut head = [0; "HTTP/1.1 100 Continue\r\n\r\n".len()];
    socket.read_exact(&mut head).unwrap();
    assert!(head.starts_with(b"HTTP/1.1 100 "), "{}", head.escape_ascii());
    socket
}

/// A connection is one worker's, and which it is nobody knows. All 64 are the same one's in a run of
/// many billions.
#[test]
fn what_is_kept_through_one_worker_all_have() {
    let folder = tempfile::tempdir().unwrap();
    let server = serve_with(folder.path(), &["--workers=2"]);
    // It says that it listens before it starts them.
    let threads =
        || fs::read_dir(format!("/proc/{}/task", server.id())).unwrap().flatten();
    let names = || threads().flat_map(|it| fs::read_to_string(it.path().join("comm")));
    let has_two = |names: &str| names.lines().any(|name| name == "worker 2");
    look_until(|| names().collect(), has_two);
    for key in 0..8 {
        let made = post(&server, &format!("/p?key=paste{key}"), "what everyone has\n");
        assert!(made.starts_with("HTTP/1.1 201 "), "{made}");
        let taken = post(&server, &format!("/p?key=paste{key}"), "x");
        assert!(taken.starts_with("HTTP/1.1 409 "), "{taken}");
        for _ in 0..8 {
            let paste = get(&server, &format!("/p/paste{key}")).unwrap();
            assert!(paste.ends_with("\r\n\r\nwhat everyone has\n"), "{paste}");
        }
    }
}

#[test]
fn no_line_of_the_log_is_mixed_with_another_workers() {
    let folder = tempfile::tempdir().unwrap();
    let log = folder.path().join("log");
    let name = log.to_str().unwrap();
    let server = serve_with(folder.path(), &["--workers=4", "--log", name]);
    let many = "GET /x HTTP/1.1\r\nHost: a\r\n\r\n".repeat(99);
    let last = "GET /x HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n";
    std::thread::scope(|scope| {
        for _ in 0..20 {
            scope.spawn(|| {
                let mut socket = connect(&server);
                socket.write_all((many.clone() + last).as_bytes()).unwrap();
                socket.read_to_end(&mut Vec::new()).unwrap();
            });
        }
    });
    let text = || fs::read_to_string(&log).unwrap_or_default();
    let text = look_until(text, |text| text.lines().count() == 2000);
    for line in text.lines() {
        assert!(line.starts_with("127.0.0.1 - - ["), "{line}");
        assert!(line.ends_with("] \"GET /x HTTP/1.1\" 404 14 \"-\" \"-\""), "{line}");
    }
}

#[test]
fn another_server_is_refused_at_a_port_that_workers_share() {
    let folder = tempfile::tempdir().unwrap();
    let server = serve_with(folder.path(), &["--workers=2"]);
    for workers in ["--workers=1", "--workers=2"] {
        let mut second = Command::new(&*FINAL);
        second.arg(folder.path()).args([workers, "--listen"]);
        second.arg(server.address.to_string());
        second.stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut second = second.spawn().unwrap();
        let mut said = String::new();
        BufReader::new(second.stdout.take().unwrap()).read_line(&mut said).unwrap();
        if !said.is_empty() {
            second.kill().unwrap();
        }
        let output = second.wait_with_output().unwrap();
        assert_eq!((said.as_str(), output.status.code()), ("", Some(1)));
        let stderr = String::from_utf8_lossy(&output.stderr);
        let sentence =
            format!("final: another program listens on {} already\n", server.address);
        assert_eq!(stderr, sentence);
    }
}

#[test]
fn a_signal_ends_it_once_uploads_are_complete() {
    let folder = tempfile::tempdir().unwrap();
    for (signal, workers) in [(Signal::TERM, "--workers=1"), (Signal::INT, "--workers=3")]
    {
        let mut server = serve_with(folder.path(), &[workers, LONG_GRACE]);
        let mut uploads: Vec<TcpStream> = (0..6).map(|_| begin_upload(&server)).collect();
        server.signal(signal);
        wait_until_refused(&server);
        for upload in &mut uploads {
            upload.write_all(b"0123456789").unwrap();
            let mut response = String::new();
            upload.read_to_string(&mut response).unwrap();
            assert!(response.starts_with("HTTP/1.1 201 "), "{response}");
            assert!(response.contains("\r\nConnection: close\r\n"), "{response}");
        }
        drop(uploads);
        let status = server.exit_within(PATIENCE).expect("it ends");
        assert_eq!(status.code(), Some(0));
    }
}

/// A head that has begun before the signal is a request, too.
#[test]
fn a_request_that_is_on_its_way_is_answered() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("a.txt"), "hello\n").unwrap();
    let mut server = serve_with(folder.path(), &[LONG_GRACE]);
    let mut client = connect(&server);
    client.write_all(b"GET /a.txt HTTP/1.1\r\n").unwrap();
    server.signal(Signal::TERM);
    wait_until_refused(&server);
    client.write_all(b"Host: a\r\n\r\nGET /a.txt HTTP/1.1\r\nHost: a\r\n\r\n").unwrap();
    let mut text = String::new();
    client.read_to_string(&mut text).unwrap();
    assert_eq!(text.matches("\r\n\r\nhello\n").count(), 2, "{text}");
    assert_eq!(text.matches("\r\nConnection: close\r\n").count(), 1, "{text}");
    drop(client);
    assert_eq!(server.exit_within(PATIENCE).expect("it ends").code(), Some(0));
}

/// Neither one that is told of the end and closes, nor one that never does: nobody waits for the grace
/// period because of them.
#[test]
fn idle_connections_hold_up_no_end() {
    let folder = tempfile::tempdir().unwrap();
    let mut server = serve_with(folder.path(), &["--workers=2", LONG_GRACE]);
    let mut idle: Vec<TcpStream> = (0..10).map(|_| connect(&server)).collect();
    for client in &mut idle[..5] {
        client.write_all(b"GET /x HTTP/1.1\r\nHost: a\r\n\r\n").unwrap();
        let mut lines = BufReader::new(client).lines();
        assert!(lines.any(|line| line.unwrap() == "404 Not Found"));
    }
    server.signal(Signal::TERM);
    for client in &mut idle {
        assert_eq!(client.read(&mut [0; 64]).unwrap(), 0);
    }
    let status = server.exit_within(PATIENCE).expect("it ends");
    assert_eq!(status.code(), Some(0));
}

#[test]
fn the_grace_period_ends_what_takes_too_long() {
    let folder = tempfile::tempdir().unwrap();
    let mut server = serve_with(folder.path(), &["--workers=2", "--grace=1"]);
    let _uploads: Vec<TcpStream> = (0..4).map(|_| begin_upload(&server)).collect();
    server.signal(Signal::TERM);
    let status = server.exit_within(PATIENCE).expect("it ends");
    assert_eq!(status.code(), Some(0));
}

#[test]
fn the_second_signal_ends_it_at_once() {
    let folder = tempfile::tempdir().unwrap();
    for (signal, code) in [(Signal::TERM, 143), (Signal::INT, 130)] {
        let mut server = serve_with(folder.path(), &[LONG_GRACE]);
        let _upload = begin_upload(&server);
        server.signal(signal);
        wait_until_refused(&server);
        assert!(server.exit_status().is_none(), "it waits for the upload");
        server.signal(Signal::HUP);
        server.signal(signal);
        let status = server.exit_within(PATIENCE).expect("it ends");
        assert_eq!(status.code(), Some(code));
    }
}

/// A shell starts what runs in its background so (nohup and `&`).
#[test]
fn a_signal_that_its_parent_has_had_ignored_is_ignored() {
    let folder = tempfile::tempdir().unwrap();
    let script = r#"trap "" INT; exec "$0" "$@""#;
    let words = ["sh", "-c", script].map(OsString::from);
    let rest = [FINAL.clone(), folder.path().into(), "--listen".into()];
    let program = Program::new(words.into_iter().chain(rest));
    let mut server = Server::start(&program, false, PATIENCE).unwrap();
    for _ in 0..3 {
        server.signal(Signal::INT);
        assert!(get(&server, "/").unwrap().starts_with("HTTP/1.1 200 "));
    }
    server.signal(Signal::TERM);
    assert_eq!(server.exit_within(PATIENCE).expect("it ends").code(), Some(0));
}

/// In a container the server is process 1, for which signals without a handler mean nothing.
#[test]
fn it_ends_as_process_1() {
    let unshare = |command: &mut Command| {
        let options = ["--pid", "--fork", "--kill-child", "--map-root-user"];
        command.args(options).stdout(Stdio::piped()).stderr(Stdio::piped());
    };
    let mut probe = Command::new("unshare");
    unshare(&mut probe);
    if !probe.arg("true").output().is_ok_and(|output| output.status.success()) {
        eprintln!("process 1 is left out: unshare can't make a namespace here");
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let mut command = Command::new("unshare");
    unshare(&mut command);
    let mut child = command
        .arg(&*FINAL)
        .arg(folder.path())
        .args(["--listen=0", "--log=none"])
        .spawn()
        .unwrap();
    let mut line = String::new();
    let stdout = child.stdout.take().unwrap();
    BufReader::new(stdout).read_line(&mut line).unwrap();
    assert!(line.starts_with("listening on "), "{line}");
    let own = child.id();
    let children = fs::read_to_string(format!("/proc/{own}/task/{own}/children"));
    let server: i32 = children.unwrap().trim().parse().expect("one child");
    let server = rustix::process::Pid::from_raw(server).unwrap();
    rustix::process::kill_process(server, Signal::TERM).unwrap();
    let status = child.wait().unwrap();
    assert_eq!((status.code(), status.signal()), (Some(0), None));
}
