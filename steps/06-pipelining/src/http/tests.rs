use super::*;
use crate::app::Page;
use crate::buffers::Output;
use crate::connection::{Connection, Wants};
use crate::protocol::Protocol;

const LONG: usize = 8 * 1024;

/// Feeds the pieces as they would arrive; gives the responses without their Date fields.
fn answer(pieces: &[&[u8]]) -> String {
    let mut http = Http::new(Page::default());
    let mut connection = Connection::new(http.open());
    let (mut spare, mut sent) = (Output::default(), Vec::new());
    for piece in pieces.iter().filter(|piece| !piece.is_empty()) {
        let Wants::Receive = connection.wants() else {
            break;
        };
        connection.received(&mut http, piece, &mut spare);
        while let Wants::Send(bytes) = connection.wants() {
            sent.extend_from_slice(bytes);
            let count = bytes.len();
            connection.sent(&mut http, count, &mut spare);
        }
    }
    let text = String::from_utf8_lossy(&sent);
    text.split_inclusive('\n').filter(|line| !line.starts_with("Date: ")).collect()
}

#[test]
fn requests_cut_anywhere_get_the_same_responses() {
    let heads = b"\r\nGET / HTTP/1.1\r\nHost: localhost\r\nAccept: */*\r\n\r\n\
        HEAD / HTTP/1.1\r\nHost: localhost\r\n\r\n\
        GET /nothing HTTP/1.1\r\nHost: localhost\r\nConnection: x, Close\r\n\r\n\
        GET / HTTP/1.1\r\nHost: localhost\r\n\r\n";
    let whole = answer(&[heads]);
    let statuses = whole.lines().filter(|line| line.starts_with("HTTP/1.1 "));
    let expected = ["HTTP/1.1 200 OK", "HTTP/1.1 200 OK", "HTTP/1.1 404 Not Found"];
    assert_eq!(statuses.collect::<Vec<_>>(), expected);
    for cut in 0..heads.len() {
        assert_eq!(answer(&[&heads[..cut], &heads[cut..]]), whole, "cut at {cut}");
    }
}

#[test]
fn each_bad_head_gets_its_status() {
    let long = "x".repeat(LONG);
    for (head, status) in [
        ("\x16\x03\x01".into(), "400"),
        ("GET / HTTP/1.1\nHost: a\n\n".into(), "400"),
        (format!("GET / HTTP/1.1\r\nHost: a\r\nX: {long}{long}"), "431"),
        ("BREW / HTTP/1.1\r\nHost: a\r\n\r\n".into(), "501"),
        ("GET / HTTP/2.0\r\nHost: a\r\n\r\n".into(), "505"),
        ("GET /\r\n\r\n".into(), "400"),
        ("GET / HTTP/1.1 \r\nHost: a\r\n\r\n".into(), "400"),
        (format!("GET /{long}"), "414"),
        ("GET / HTTP/1.1\r\nHost : a\r\n\r\n".into(), "400"),
        ("GET / HTTP/1.1\r\nHost: a\r\n b\r\n\r\n".into(), "400"),
        ("GET / HTTP/1.1\r\nHost: a\r\nX: \x01\r\n\r\n".into(), "400"),
        ("GET / HTTP/1.1\r\n\r\n".into(), "400"),
        ("GET / HTTP/1.1\r\nHost: a\r\nHost: a\r\n\r\n".into(), "400"),
    ] {
        let answer = answer(&[head.as_bytes()]);
        assert!(answer.starts_with(&format!("HTTP/1.1 {status} ")), "{head}: {answer}");
    }
}
