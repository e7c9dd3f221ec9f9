use super::*;
use crate::app::Page;
use crate::buffers::Output;
use crate::connection::{Connection, Wants};
use crate::protocol::Protocol;

/// Feeds the pieces as they would arrive; gives the response without its Date field.
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
            connection.sent(count, &mut spare);
        }
    }
    let text = String::from_utf8_lossy(&sent);
    text.split_inclusive('\n').filter(|line| !line.starts_with("Date: ")).collect()
}

#[test]
fn a_head_cut_anywhere_gets_the_same_response() {
    let head = b"GET / HTTP/1.1\r\nHost: localhost\r\nAccept: */*\r\n\r\n";
    let whole = answer(&[head]);
    assert!(whole.starts_with("HTTP/1.1 200 OK\r\n"), "{whole}");
    for cut in 0..head.len() {
        assert_eq!(answer(&[&head[..cut], &head[cut..]]), whole, "cut at {cut}");
    }
}
