//! What a program speaks, found out by asking it: a reader who begins with a step still has
//! the server of the last one, and what is new is to fail, not all the rest for want of words.
//!
//! No silence is an answer here, as it could be the server's fault, and the checks would then
//! complain of something else. That a connection takes one request is known by its end alone.

use super::Client;
use super::dialect::{Dialect, REQUEST};
use super::inbox::Heard;
use crate::evidence::failure::Attempt;

/// What a server makes of a request, asked by one client or by two. `None` if it says nothing
/// of use.
pub fn spoken_to(mut connect: impl FnMut() -> Attempt<Client>) -> Option<Dialect> {
    let mut a = connect().ok()?;
    a.send_unnoted(REQUEST).ok()?;
    match Line::heard_in(&first_line(&mut a)?)? {
        Line::Echo => return Some(Dialect::Echo),
        Line::Counted => return Some(Dialect::Lines),
        Line::Status => {}
    }
    // One after the other: a server that drops what comes behind a request, or can't take it
    // yet, has connections that stay all the same.
    let answered = a.quiet_response("GET").is_ok();
    if answered && a.send_unnoted(REQUEST).is_ok() && a.quiet_response("GET").is_ok() {
        return Some(Dialect::Requests);
    }
    drop(a);
    // The end of a connection that was asked twice could be what the server makes of the
    // second request. Here it is asked once.
    let mut b = connect().ok()?;
    b.send_unnoted(REQUEST).ok()?;
    match until_over(&mut b) {
        (_, Heard::Silence) => Some(Dialect::Requests),
        (0, _) => None,
        _ => Some(Dialect::OneRequest),
    }
}

/// What the first line of an answer is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Line {
    Echo,
    Counted,
    Status,
}

impl Line {
    fn heard_in(line: &[u8]) -> Option<Line> {
        match line {
            _ if REQUEST.starts_with(line) => Some(Line::Echo),
            _ if line.starts_with(b"GET / ") => Some(Line::Counted),
            _ if line.starts_with(b"HTTP/1.") => Some(Line::Status),
            _ => None,
        }
    }
}

/// It stays in the inbox. A server that waits for the end of what is sent gets it.
fn first_line(client: &mut Client) -> Option<Vec<u8>> {
    let mut half_closed = false;
    loop {
        let unread = client.inbox.unread();
        if let Some(end) = unread.iter().position(|byte| *byte == b'\n') {
            return Some(unread[..=end].to_vec());
        }
        match client.hear(client.peer.patience) {
            Heard::More => {}
            Heard::Silence if !half_closed => {
                client.half_close().ok()?;
                half_closed = true;
            }
            _ => return None,
        }
    }
}

/// How much still comes, and what it ends with.
fn until_over(client: &mut Client) -> (usize, Heard) {
    let mut received = 0;
    loop {
        match client.hear(client.peer.patience) {
            Heard::More => received += client.inbox.take_all().len(),
            heard => return (received, heard),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_first_line_is_told_from_the_others() {
        for (line, heard) in [
            ("GET / HTTP/1.1\r\n", Some(Line::Echo)),
            ("GET / HTTP/1.1 (1 here, 1 in all)\n", Some(Line::Counted)),
            ("GET / HTTP/1.1\r (1 here, 1 in all)\n", Some(Line::Counted)),
            ("HTTP/1.1 200 OK\r\n", Some(Line::Status)),
            ("HTTP/1.0 404 Not Found\r\n", Some(Line::Status)),
            ("hello\n", None),
            ("\n", None),
        ] {
            assert_eq!(Line::heard_in(line.as_bytes()), heard, "{line:?}");
        }
    }
}
