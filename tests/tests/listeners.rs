//! Where the finished server listens, and for whom it has places.

use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::os::unix::net::{UnixListener, UnixStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use checks::subject::finished::{FINAL, PATIENCE, look_until};

/// A server that is stopped with the test.
struct Started {
    child: Child,
    /// What it says first.
    said: Vec<String>,
}

impl Drop for Started {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Starts it, and reads what it says until the line about the log.
fn start(command: &mut Command) -> Started {
    let mut child = command.stdout(Stdio::piped()).spawn().expect("final starts");
    let mut stdout = BufReader::new(child.stdout.take().unwrap());
    let mut said = Vec::new();
    while !said.last().is_some_and(|line: &String| line.starts_with("logging ")) {
        let mut line = String::new();
        assert_ne!(stdout.read_line(&mut line).unwrap(), 0, "{said:?}");
        said.push(line.trim_end().to_string());
    }
    Started { child, said }
}

impl Started {
    fn places(&self) -> Vec<&str> {
        let lines = self.said.iter();
        lines.filter_map(|line| line.strip_prefix("listening on ")).collect()
    }
}

fn refused(arguments: &[&str]) -> String {
    let output = Command::new(&*FINAL).args(arguments).output().expect("final runs");
    assert_eq!(output.status.code(), Some(1));
    assert!(output.stdout.is_empty());
    let stderr = String::from_utf8(output.stderr).unwrap();
    assert_eq!(stderr.lines().count(), 1, "{stderr}");
    stderr
}

fn answer(mut client: impl Read + Write) -> String {
    let head = b"GET /a.txt HTTP/1.1\r\nHost: a\r\nX-Forwarded-For: 192.0.2.7\r\n\
        Connection: close\r\n\r\n";
    client.write_all(head).unwrap();
    let mut response = String::new();
    client.read_to_string(&mut response).unwrap();
    response
}

#[test]
fn all_places_are_served() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("a.txt"), "hello\n").unwrap();
    let (socket, log) = (folder.path().join("socket"), folder.path().join("log"));
    for trusted in [&[][..], &["--trust-proxy=unix"]] {
        let server = start(
            Command::new(&*FINAL)
                .arg(folder.path())
                .args(["--listen", "0", "--listen", ":0", "--listen", "localhost:0"])
                .arg("--listen")
                .arg(format!("unix:{}", socket.display()))
                .arg("--log")
                .arg(&log)
                .args(trusted),
        );
        let places = server.places();
        assert!(places[0].starts_with("127.0.0.1:"), "{places:?}");
        assert!(places[1].starts_with("0.0.0.0:"), "{places:?}");
        assert!(places.len() >= 4, "{places:?}");
        for place in places {
            let response = match place.strip_prefix("unix:") {
                Some(path) => {
                    let client = UnixStream::connect(path).unwrap();
                    client.set_read_timeout(Some(PATIENCE)).unwrap();
                    answer(client)
                }
                None => {
                    let client = TcpStream::connect(place).unwrap();
                    client.set_read_timeout(Some(PATIENCE)).unwrap();
                    answer(client)
                }
            };
            assert!(response.ends_with("\r\n\r\nhello\n"), "{place}: {response}");
        }
        let client = if trusted.is_empty() { "unix: - - [" } else { "192.0.2.7 - - [" };
        let text = || fs::read_to_string(&log).unwrap_or_default();
        look_until(text, |text| text.lines().any(|line| line.starts_with(client)));
        // The socket stays, and makes room for the next server's.
        drop(server);
        assert!(socket.exists());
        fs::remove_file(&log).unwrap();
    }
}

#[test]
fn it_says_what_is_served_where_and_with_which_limits() {
    let folder = tempfile::tempdir().unwrap();
    let name = folder.path().to_str().unwrap();
    let script = r#"ulimit -n 116; exec "$0" "$@""#;
    let server = start(Command::new("sh").args(["-c", script]).arg(&*FINAL).args([
        name,
        "--listen=0",
        "--log=none",
        "--workers=1",
        "--patience=7",
    ]));
    let said = server.said.join("\n").replace(name, "DIR");
    let (first, rest) = said.split_once('\n').unwrap();
    assert!(first.starts_with("listening on 127.0.0.1:"), "{said}");
    assert_eq!(
        rest,
        "serving the folder DIR, with listings and without dotfiles\n\
         keeping links at /s and pastes at /p, in 64.0 MiB\n\
         for 100 connections at most, 50 from one address; each may stall for 7 s, \
         and all together may hold 16.0 MiB\n\
         logging nothing"
    );
}

#[test]
fn a_place_that_cannot_be_had_is_one_sentence() {
    let folder = tempfile::tempdir().unwrap();
    let site = folder.path().to_str().unwrap();
    let at = |name: &str| format!("unix:{}", folder.path().join(name).display());
    let _other = UnixListener::bind(folder.path().join("other")).unwrap();
    fs::write(folder.path().join("file"), "precious").unwrap();
    for (place, sentence) in [
        (at("other"), "another program listens on unix:"),
        (at("file"), "is there already, and is not a socket"),
        (at("none/socket"), "there is no folder for the socket"),
        (
            "no.such.name.invalid:80".into(),
            "there is no address for the name no.such.name",
        ),
    ] {
        // The first place is well; the second isn't.
        let said = refused(&[site, "--listen=0", "--listen", &place]);
        assert!(said.starts_with("final: ") && said.contains(sentence), "{said}");
    }
    UnixStream::connect(folder.path().join("other")).expect("it is still there");
    let file = fs::read_to_string(folder.path().join("file")).unwrap();
    assert_eq!(file, "precious");
}

#[test]
fn a_log_that_cannot_be_had_is_one_sentence() {
    let folder = tempfile::tempdir().unwrap();
    let site = folder.path().to_str().unwrap();
    let said = refused(&[site, "--listen=0", "--log", &format!("{site}/none/log")]);
    assert!(said.contains("there is no folder for the log"), "{said}");
    let said = refused(&[site, "--listen=0", "--log", site]);
    assert!(said.contains("is a folder, and the log is a file"), "{said}");
}

/// Of 20 places an address has half, with requests that have begun, which nobody makes room for.
#[test]
fn a_trusted_proxy_may_take_all_places() {
    let folder = tempfile::tempdir().unwrap();
    for (options, answered) in [(&[][..], 10), (&["--trust-proxy=127.0.0.1"], 20)] {
        assert_eq!(answered_of_20(folder.path(), options), answered, "{options:?}");
    }
}

fn answered_of_20(folder: &Path, options: &[&str]) -> usize {
    let script = r#"ulimit -n 36; exec "$0" "$@""#;
    let server = start(
        Command::new("sh")
            .args(["-c", script])
            .arg(&*FINAL)
            .arg(folder)
            .args(["--listen=0", "--log=none", "--workers=1"])
            .args(options),
    );
    assert!(
        server.said.iter().any(|line| line.contains("for 20 connections at most, 10 "))
    );
    let address = server.places()[0];
    let mut clients = Vec::new();
    for _ in 0..20 {
        let mut client = TcpStream::connect(address).unwrap();
        client.set_read_timeout(Some(PATIENCE)).unwrap();
        // When one whole request is answered, the next has begun: the server has seen its first bytes.
        let _ = client.write_all(b"GET /no HTTP/1.1\r\nHost: a\r\n\r\nGET /no");
        let _ = client.read(&mut [0; 1024]);
        clients.push(client);
    }
    let answers = clients.iter_mut().map(|client| {
        let _ = client.write_all(b" HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
        let mut response = String::new();
        let _ = client.read_to_string(&mut response);
        response.starts_with("HTTP/1.1 404 ")
    });
    answers.filter(|is_answered| *is_answered).count()
}
