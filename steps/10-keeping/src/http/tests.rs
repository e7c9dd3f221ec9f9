use super::application::{Application, Want};
use super::method::Method;
use super::request::Request;
use super::*;
use crate::buffers::Output;
use crate::connection::{Connection, Wants};
use crate::protocol::Protocol;

const LONG: usize = 8 * 1024;
pub const UPLOAD_LIMIT: u64 = 100;

/// Answers an upload to `/` with itself.
struct Echo;

impl Application for Echo {
    type Body = Vec<u8>;

    fn want(&mut self, request: &Request) -> Want<Vec<u8>> {
        match request.method {
            Method::Post => Want::Body { limit: UPLOAD_LIMIT, body: Vec::new() },
            _ => Want::Nothing,
        }
    }

    fn piece(&mut self, body: &mut Vec<u8>, piece: &[u8]) -> Result<(), Status> {
        body.extend_from_slice(piece);
        Ok(())
    }

    fn respond(&mut self, request: &Request, body: Option<Vec<u8>>) -> Response {
        if request.target != "/" {
            return Response::of(Status::NotFound);
        }
        let body = [b"hi\n", &*body.unwrap_or_default()].concat();
        Response { body, ..Response::of(Status::Ok) }
    }
}

/// Feeds the pieces as they would arrive; gives the responses without their Date fields.
pub fn answer(pieces: &[&[u8]]) -> String {
    conversation(Echo, pieces)
}

/// The same with any application.
pub fn conversation(application: impl Application, pieces: &[&[u8]]) -> String {
    let mut http = Http::new(application);
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
        POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 6\r\n\r\nhello\n\
        GET /nothing HTTP/1.1\r\nHost: localhost\r\nConnection: x, Close\r\n\r\n\
        GET / HTTP/1.1\r\nHost: localhost\r\n\r\n";
    let whole = answer(&[heads]);
    let statuses = whole.lines().filter(|line| line.starts_with("HTTP/1.1 "));
    let statuses: Vec<&str> = statuses.collect();
    assert_eq!(statuses[..3], ["HTTP/1.1 200 OK"; 3]);
    assert_eq!(statuses[3..], ["HTTP/1.1 404 Not Found"]);
    assert!(whole.contains("\r\n\r\nhi\nhello\n"), "{whole}");
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
        ("GET / HTTP/1.1\r\nHost: a/b\r\n\r\n".into(), "400"),
        ("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1,1\r\n\r\n".into(), "400"),
        ("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 101\r\n\r\n".into(), "413"),
        ("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: x\r\n\r\n".into(), "400"),
        ("POST / HTTP/1.1\r\nHost: a\r\nExpect: tea\r\n\r\n".into(), "417"),
    ] {
        let answer = answer(&[head.as_bytes()]);
        assert!(answer.starts_with(&format!("HTTP/1.1 {status} ")), "{head}: {answer}");
    }
}
