use std::fs;
use std::time::Duration;

use tempfile::TempDir;

use super::*;
use crate::app::{ROOM, Shown, Site};
use crate::budget::Budget;
use crate::buffers::Output;
use crate::connection::{Connection, Wants};
use crate::http::{Http, Router};
use crate::protocol::Protocol;

const HEAD_LIMIT: usize = 16 * 1024;
const DATE: &str = "[30/Nov/2026:05:15:50 +0000]";

type Logged = Http<Router<Site>, AccessLog>;

/// A site with a log, whose lines wait in the writer.
fn logged(trusted: &[&str]) -> (Logged, Writer, TempDir) {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("hello.txt"), "hello\n").unwrap();
    let shown = Shown { dotfiles: true, listings: false };
    let site = Site::open(folder.path(), shown).unwrap();
    let router = Router::new(site, Site::ROUTES, Budget::new(ROOM));
    let trusted = trusted.iter().map(|text| text.parse().unwrap()).collect();
    let writer = Writer::default();
    let log = AccessLog::new(writer.clone(), Proxies::new(trusted));
    (Http::with_log(router, log), writer, folder)
}

fn peer(text: &str) -> Peer {
    Peer::from(text.parse().ok())
}

/// What is logged, with another date, when the client sends this and takes up to `taken` bytes of what
/// it gets.
fn lines_of(trusted: &[&str], from: &str, sent: &[u8], mut taken: usize) -> String {
    let (mut http, writer, _folder) = logged(trusted);
    let mut connection = Connection::new(http.open(peer(from)));
    let mut spare = Output::default();
    connection.received(&mut http, sent, &mut spare);
    while let Wants::Send { bytes, .. } = connection.wants()
        && taken > 0
    {
        let count = bytes.len().min(taken);
        taken -= count;
        connection.sent(&mut http, count, &mut spare);
    }
    if let Wants::Receive = connection.wants() {
        connection.late(&mut http, &mut spare);
        if let Wants::Send { bytes, .. } = connection.wants() {
            let count = bytes.len();
            connection.sent(&mut http, count, &mut spare);
        }
    }
    connection.close(&mut http);
    http.tidy();
    let text = String::from_utf8(writer.waiting()).unwrap();
    text.split_inclusive('\n').map(with_date).collect()
}

fn with_date(line: &str) -> String {
    let (start, rest) = line.split_once('[').unwrap();
    let (date, rest) = rest.split_once(']').unwrap();
    assert_eq!(date.len(), DATE.len() - 2, "{date}");
    format!("{start}{DATE}{rest}")
}

#[test]
fn each_request_has_its_line() {
    let sent = b"GET /hello.txt?x HTTP/1.1\r\nHost: a\r\nuser-agent:  curl/8 \r\nReferer: http://b/\r\n\r\n\
        HEAD /hello.txt HTTP/1.1\r\nHost: a\r\n\r\n\
        \r\nPOST /p HTTP/1.1\r\nHost: a\r\nUSER-AGENT: x\r\nContent-Length: 3\r\n\r\nabc\
        DELETE /p/nothing HTTP/1.1\r\nHost: a\r\nReferer:\r\n\r\n";
    let lines = lines_of(&[], "192.0.2.1", sent, usize::MAX);
    let expected = [
        r#""GET /hello.txt?x HTTP/1.1" 200 6 "http://b/" "curl/8""#,
        r#""HEAD /hello.txt HTTP/1.1" 200 0 "-" "-""#,
        r#""POST /p HTTP/1.1" 201 16 "-" "x""#,
        r#""DELETE /p/nothing HTTP/1.1" 404 14 "-" "-""#,
    ];
    let expected = expected.map(|rest| format!("192.0.2.1 - - {DATE} {rest}\n"));
    assert_eq!(lines, expected.concat());
}

#[test]
fn the_date_is_that_of_the_response() {
    let mut stamp = Stamp::default();
    for (date, expected) in [
        ("Sun, 06 Nov 1994 08:49:37", "06/Nov/1994:08:49:37"),
        ("Mon, 30 Nov 2026 05:15:50", "30/Nov/2026:05:15:50"),
    ] {
        let line = format!("Date: {date} GMT\r\n");
        let expected = format!(" - - [{expected} +0000] \"");
        assert_eq!(stamp.of(&line), expected.as_bytes());
        assert_eq!(stamp.of(&line), expected.as_bytes());
    }
}

#[test]
fn a_refused_request_is_logged_as_far_as_it_came() {
    let target = "x".repeat(HEAD_LIMIT);
    for (sent, line) in [
        ("GET / HTTP/1.1\r\n\r\n".into(), "\"GET / HTTP/1.1\" 400 16"),
        ("G".into(), "\"G\" 408 20"),
        ("\r\nGET / HTT".into(), "\"GET / HTT\" 408 20"),
        (
            "HEAD / HTTP/1.1\r\nUser-Agent: slow\r\nRef".into(),
            "\"HEAD / HTTP/1.1\" 408 0",
        ),
        (format!("GET /{target}"), "\"GET /xxxx"),
        (format!("GET / HTTP/1.1\r\nA: {target}"), "\"GET / HTTP/1.1\" 431 36"),
        (
            "POST /p HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\nabc".into(),
            "\"POST /p HTTP/1.1\" 408 20",
        ),
        (
            "POST /p HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nx\r\n"
                .into(),
            "\"POST /p HTTP/1.1\" 400 16",
        ),
        (
            "POST /p HTTP/1.1\r\nHost: a\r\nContent-Length: 9999999\r\n\r\n".into(),
            "\"POST /p HTTP/1.1\" 413 22",
        ),
        ("\x16\x03\x01\x02 TLS\r\n".into(), r#""\x16\x03\x01\x02 TLS" 400 16"#),
    ] {
        let lines = lines_of(&[], "192.0.2.1", sent.as_bytes(), usize::MAX);
        assert_eq!(lines.lines().count(), 1, "{lines}");
        assert!(lines.contains(&format!("] {line}")), "{line}: {lines}");
        if sent.contains("slow") {
            assert!(lines.ends_with("\"-\" \"slow\"\n"), "{lines}");
        }
    }
}

/// Nor does one send codes to a terminal, in ASCII or in UTF-8 (U+009B begins one as ESC [ does).
#[test]
fn no_client_writes_a_line_of_its_own() {
    let agent = "a\" 200 0 \"\\\x1b[2J\t\u{9b}\u{e4}\x7f";
    let head =
        format!("GET /\u{e4}\"\\ HTTP/1.1\r\nHost: a\r\nUser-Agent: {agent}\r\n\r\n");
    let line = lines_of(&[], "192.0.2.1", head.as_bytes(), usize::MAX);
    assert_eq!(line.lines().count(), 1, "{line}");
    let request_line = r#""GET /\xc3\xa4\"\\ HTTP/1.1" 400 16"#;
    assert!(line.contains(request_line), "{line}");
    let agent = r#""a\" 200 0 \"\\\x1b[2J\x09\xc2\x9b\xc3\xa4\x7f""#;
    assert!(line.ends_with(&format!("{agent}\n")), "{line}");

    let bare = "GET / HTTP/1.1\nforged\r\nHost: a\r\n\r\n";
    let line = lines_of(&[], "192.0.2.1", bare.as_bytes(), usize::MAX);
    assert!(line.contains("\"GET / HTTP/1.1\" 400 16 \"-\" \"-\"\n"), "{line}");
    assert!(!line.contains("forged"), "{line}");
}

#[test]
fn a_client_that_leaves_early_got_what_it_took() {
    let request = b"GET /hello.txt HTTP/1.1\r\nHost: a\r\n\r\n".repeat(3);
    let whole = lines_of(&[], "192.0.2.1", &request, usize::MAX);
    assert_eq!(whole.matches(" 200 6 ").count(), 3, "{whole}");
    let bytes = |taken| -> Vec<String> {
        let lines = lines_of(&[], "192.0.2.1", &request, taken);
        let after_status = lines.lines().map(|line| line.split(" 200 ").nth(1).unwrap());
        after_status.map(|rest| rest.split(' ').next().unwrap().to_string()).collect()
    };
    let all = response_length(&request);
    assert_eq!(all % 3, 0);
    let one = all / 3;
    assert_eq!(bytes(0), ["0", "0", "0"]);
    assert_eq!(bytes(one - 6), ["0", "0", "0"]);
    assert_eq!(bytes(one - 2), ["4", "0", "0"]);
    assert_eq!(bytes(one), ["6", "0", "0"]);
    assert_eq!(bytes(2 * one + 1), ["6", "6", "0"]);
    assert_eq!(bytes(all - 1), ["6", "6", "5"]);
}

fn response_length(request: &[u8]) -> usize {
    let (mut http, _, _folder) = logged(&[]);
    let mut connection = Connection::new(http.open(Peer::Unix));
    connection.received(&mut http, request, &mut Output::default());
    match connection.wants() {
        Wants::Send { bytes, .. } => bytes.len(),
        _ => unreachable!("it answers"),
    }
}

#[test]
fn a_line_waits_until_its_response_is_sent() {
    let (mut http, writer, _folder) = logged(&[]);
    let (mut spare, from) = (Output::default(), peer("192.0.2.1"));
    let mut connection = Connection::new(http.open(from));
    let request = b"GET /hello.txt HTTP/1.1\r\nHost: a\r\n\r\n";
    for round in 1..=3 {
        connection.received(&mut http, request, &mut spare);
        let Wants::Send { bytes, .. } = connection.wants() else {
            unreachable!("it answers");
        };
        let count = bytes.len();
        connection.sent(&mut http, count - 1, &mut spare);
        assert!(connection.held(&http) > 0);
        http.tidy();
        assert_eq!(count_of(&writer), round - 1);
        connection.sent(&mut http, 1, &mut spare);
        http.tidy();
        assert_eq!(count_of(&writer), round);
        assert_eq!(connection.held(&http), 0);
    }
}

fn count_of(writer: &Writer) -> usize {
    writer.waiting().iter().filter(|&&byte| byte == b'\n').count()
}

#[test]
fn only_a_trusted_proxy_says_who_the_client_is() {
    let head = b"GET / HTTP/1.1\r\nHost: a\r\nX-Forwarded-For: 1.1.1.1\r\n\
        x-forwarded-for: 2001:db8::7, 10.0.0.1\r\n\r\nX-Forwarded-For: 3.3.3.3\r\n\r\n";
    for (trusted, from, client) in [
        (&[][..], "10.0.0.2", "10.0.0.2"),
        (&["10.0.0.0/8"], "10.0.0.2", "2001:db8::7"),
        (&["10.0.0.2"], "10.0.0.2", "10.0.0.1"),
        (&["10.0.0.0/8"], "192.0.2.9", "192.0.2.9"),
        (&["10.0.0.0/8", "unix"], "unix", "2001:db8::7"),
        (&[], "unix", "unix:"),
        (&[], "2001:db8::1", "2001:db8::1"),
    ] {
        let lines = lines_of(trusted, from, head, usize::MAX);
        assert!(lines.starts_with(&format!("{client} - - [")), "{client}: {lines}");
    }
}

#[test]
fn the_file_of_a_log_is_opened_anew_when_it_is_said() {
    let folder = tempfile::tempdir().unwrap();
    let (path, old) = (folder.path().join("log"), folder.path().join("log.1"));
    fs::write(&path, "before\n").unwrap();
    let writer = Writer::start(Sink::file(&path).unwrap()).unwrap();
    let write = |lines: &[u8]| {
        writer.offer(lines);
        writer.finish(Duration::from_secs(20));
    };
    write(b"one\n");
    fs::rename(&path, &old).unwrap();
    write(b"two\n");
    writer.reopen();
    writer.finish(Duration::from_secs(20));
    write(b"three\n");
    assert_eq!(fs::read_to_string(&old).unwrap(), "before\none\ntwo\n");
    assert_eq!(fs::read_to_string(&path).unwrap(), "three\n");
}

#[test]
fn lines_without_room_are_counted() {
    let writer = Writer::default();
    let line = [b"x".repeat(1023), b"\n".to_vec()].concat();
    for _ in 0..1023 {
        writer.offer(&line);
    }
    assert_eq!(count_of(&writer), 1023);
    writer.offer(&line.repeat(2));
    // This one would fit, but not in its place.
    writer.offer(b"\n");
    assert_eq!(count_of(&writer), 1023);
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("log");
    writer.serve(Sink::file(&path).unwrap()).unwrap();
    writer.finish(Duration::from_secs(20));
    let text = fs::read_to_string(&path).unwrap();
    assert_eq!(text.lines().count(), 1024);
    let last = text.lines().last().unwrap();
    assert!(last.starts_with("final: requests missing here: 3, "), "{last}");
}

#[test]
fn a_full_disk_costs_lines_and_nothing_else() {
    let full = Sink::file("/dev/full".as_ref()).unwrap();
    let writer = Writer::start(full).unwrap();
    for _ in 0..3 {
        writer.offer(b"one\ntwo\n");
        writer.finish(Duration::from_secs(20));
    }
    assert!(writer.waiting().is_empty());
}
