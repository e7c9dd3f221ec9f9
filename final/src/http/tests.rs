use super::application::{Application, Want};
use super::method::Method;
use super::request::Request;
use super::response::Body;
use super::*;
use crate::buffers::Output;
use crate::connection::{Connection, Wants};
use crate::peers::Peer;
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
        Response { body: Body::Bytes(body), ..Response::of(Status::Ok) }
    }
}

/// Feeds the pieces as they would arrive; gives the responses without their Date fields.
pub fn answer(pieces: &[&[u8]]) -> String {
    conversation(Echo, pieces)
}

/// The same with any application.
pub fn conversation(application: impl Application, pieces: &[&[u8]]) -> String {
    let mut http = Http::new(application);
    let mut connection = Connection::new(http.open(Peer::Unix));
    let (mut spare, mut sent) = (Output::default(), Vec::new());
    for piece in pieces.iter().filter(|piece| !piece.is_empty()) {
        let Wants::Receive = connection.wants() else {
            break;
        };
        connection.received(&mut http, piece, &mut spare);
        while let Wants::Send { bytes, .. } = connection.wants() {
            sent.extend_from_slice(bytes);
            let count = bytes.len();
            connection.sent(&mut http, count, &mut spare);
        }
    }
    let text = String::from_utf8_lossy(&sent);
    text.split_inclusive('\n').filter(|line| !line.starts_with("Date: ")).collect()
}

/// What was sent before anybody knew of the end is answered, and the last response says that it is the
/// last.
#[test]
fn a_server_that_ends_says_so_in_the_last_response() {
    let get = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";
    let post = "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\n\r\nx";
    for (input, kept) in [
        (get.to_string(), 0),
        (get.repeat(3), 2),
        (post.repeat(3), 2),
        ([get, post].concat(), 1),
    ] {
        let mut http = Http::new(Echo);
        let mut connection = Connection::new(http.open(Peer::Unix));
        let (mut spare, mut sent) = (Output::default(), Vec::new());
        http.drain();
        connection.received(&mut http, input.as_bytes(), &mut spare);
        while let Wants::Send { bytes, .. } = connection.wants() {
            sent.extend_from_slice(bytes);
            let count = bytes.len();
            connection.sent(&mut http, count, &mut spare);
        }
        let text = String::from_utf8_lossy(&sent);
        assert_eq!(text.matches("Connection: keep-alive\r\n").count(), kept, "{text}");
        assert_eq!(text.matches("Connection: close\r\n").count(), 1, "{text}");
        let last = text.rfind("Connection: ").unwrap();
        assert!(text[last..].starts_with("Connection: close"), "{text}");
        assert!(matches!(connection.wants(), Wants::Shut));
    }
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

#[test]
fn what_is_no_head_request_is_refused_with_a_body() {
    for bytes in ["\x0cHEAD / HTTP/1.1\r\n", " HEAD /", "\r\n\r\n\r\nHEAD / HTTP/1.1\r\n"]
    {
        let answer = answer(&[bytes.as_bytes()]);
        assert!(answer.ends_with("\r\n\r\n400 Bad Request\n"), "{bytes:?}: {answer}");
    }
}

/// What `bytes` get, whole and in pieces.
fn status(bytes: &str) -> String {
    let whole = answer(&[bytes.as_bytes()]);
    let pieces: Vec<&[u8]> = bytes.as_bytes().chunks(1000).collect();
    assert_eq!(answer(&pieces), whole);
    whole.lines().next().unwrap_or("nothing").to_string()
}

#[test]
fn a_request_line_has_a_limit_to_the_byte() {
    let fields = "Host: a\r\n\r\n";
    let others = "GET / HTTP/1.1\r\n".len();
    for empty_lines in ["", "\r\n", "\r\n\r\n"] {
        let line = |length: usize| {
            let target = "x".repeat(length - others);
            format!("{empty_lines}GET /{target} HTTP/1.1\r\n")
        };
        assert_eq!(status(&(line(LONG) + fields)), "HTTP/1.1 404 Not Found");
        assert_eq!(status(&(line(LONG + 1) + fields)), "HTTP/1.1 414 URI Too Long");
        // It is too long before it ends.
        assert_eq!(status(&line(2 * LONG)[..empty_lines.len() + LONG]), "nothing");
        let too_long = &line(2 * LONG)[..empty_lines.len() + LONG + 1];
        assert_eq!(status(too_long), "HTTP/1.1 414 URI Too Long");
    }
    // Another line may be as long.
    let field = format!("GET / HTTP/1.1\r\nX: {}\r\n{fields}", "x".repeat(LONG + 100));
    assert_eq!(status(&field), "HTTP/1.1 200 OK");
}

#[test]
fn a_head_has_a_limit_to_the_byte() {
    let head = |length: usize| {
        let start = "GET / HTTP/1.1\r\nHost: a\r\nX: ";
        let value = "x".repeat(length - start.len() - 4);
        format!("{start}{value}\r\n\r\n")
    };
    assert_eq!(status(&head(2 * LONG)), "HTTP/1.1 200 OK");
    let too_large = "HTTP/1.1 431 Request Header Fields Too Large";
    assert_eq!(status(&head(2 * LONG + 1)), too_large);
    assert_eq!(status(&head(3 * LONG)[..2 * LONG - 1]), "nothing");
    assert_eq!(status(&head(3 * LONG)[..2 * LONG]), too_large);
}

/// A body that nobody wants is passed over up to 64 KiB, and what follows it is answered.
#[test]
fn a_body_in_vain_has_a_limit_to_the_byte() {
    let most = 64 * 1024;
    for (length, responses) in [(most, 2), (most + 1, 1)] {
        let body = "x".repeat(length);
        for (framing, body) in [
            (format!("Content-Length: {length}"), body.clone()),
            (
                "Transfer-Encoding: chunked".into(),
                format!("{length:x}\r\n{body}\r\n0\r\n\r\n"),
            ),
        ] {
            let head = format!("GET / HTTP/1.1\r\nHost: a\r\n{framing}\r\n\r\n");
            let next = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";
            let answer = answer(&[(head + &body + next).as_bytes()]);
            let count = answer.matches("HTTP/1.1 200 OK").count();
            assert_eq!(count, responses, "{framing}, {length}: {answer}");
        }
    }
}

/// What is counted goes from the second byte of an extension or trailer to its CR.
#[test]
fn what_frames_chunks_has_a_limit_to_the_byte() {
    let head = "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n";
    for (length, expected) in
        [(2 * LONG, "HTTP/1.1 200 OK"), (2 * LONG + 1, "HTTP/1.1 400 Bad Request")]
    {
        for frame in [
            format!("1;{}\r\n!\r\n0\r\n\r\n", "x".repeat(length - 1)),
            format!(
                "1 {:a<1$}\r\n!\r\n0;xyz\r\n\r\n",
                ";a".repeat(length / 2 - 3),
                length - 5
            ),
            format!("0\r\nA:{}\r\n\r\n", "x".repeat(length - 2)),
        ] {
            let answer = answer(&[(head.to_string() + &frame).as_bytes()]);
            assert!(answer.starts_with(expected), "{length}, {frame:.20}: {answer}");
        }
    }
}
