//! What a program speaks, found out by asking it: a reader who begins with a step still has
//! the server of the last one, and what is new is to fail, not all the rest for want of words.
//!
//! No silence is an answer here, as it could be the server's fault, and the checks would then
//! complain of something else. That a connection takes one request is known by its end alone.

use std::time::Duration;

use crate::check::Attempt;
use crate::client::{Client, Heard};
use crate::dialect::{Dialect, REQUEST};
use crate::scene::Scene;
use crate::server::Program;

impl Dialect {
    /// What a program makes of a request. `None` if it says nothing of use; a failure if it
    /// never listens.
    pub fn spoken_by(program: &Program, patience: Duration) -> Attempt<Option<Dialect>> {
        let mut scene = Scene::new(program, Dialect::Echo, patience);
        scene.start()?;
        Ok(spoken_in(&mut scene))
    }
}

fn spoken_in(scene: &mut Scene) -> Option<Dialect> {
    let mut a = scene.connect_quietly().ok()?;
    a.send_unnoted(REQUEST).ok()?;
    match Line::heard_in(&a.first_line()?)? {
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
    let mut b = scene.connect_quietly().ok()?;
    b.send_unnoted(REQUEST).ok()?;
    match b.until_over() {
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

impl Client {
    /// It stays in the inbox. A server that waits for the end of what is sent gets it.
    fn first_line(&mut self) -> Option<Vec<u8>> {
        let mut half_closed = false;
        loop {
            let unread = self.inbox.unread();
            if let Some(end) = unread.iter().position(|byte| *byte == b'\n') {
                return Some(unread[..=end].to_vec());
            }
            match self.hear(self.patience) {
                Heard::More => {}
                Heard::Silence if !half_closed => {
                    self.half_close().ok()?;
                    half_closed = true;
                }
                _ => return None,
            }
        }
    }

    /// How much still comes, and what it ends with.
    fn until_over(&mut self) -> (usize, Heard) {
        let mut received = 0;
        loop {
            match self.hear(self.patience) {
                Heard::More => received += self.inbox.take_all().len(),
                heard => return (received, heard),
            }
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
