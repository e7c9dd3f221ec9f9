//! Asking for files, in so many words that the checks of files share.

use std::thread;
use std::time::{Duration, Instant};

use rustix::time::{ClockId, clock_gettime};

use crate::client::Client;
use crate::client::http::requests::request;
use crate::client::http::response::Response;
use crate::evidence::failure::Attempt;
use crate::system::patience::Pause;

/// So long a server may take a file for what it was.
const SOON: Duration = Duration::from_secs(1);
/// So often it may do so after that time: one that had to wait for a core looks at its clock only
/// after the first of these answers.
const LATE: usize = 5;

/// The time in which a server has to notice a change.
pub(crate) struct Notice {
    start: Instant,
    late: usize,
}

impl Notice {
    pub(crate) fn start() -> Notice {
        Notice { start: Instant::now(), late: 0 }
    }

    /// Whether the next answer is the last that counts.
    pub(crate) fn is_over(&mut self) -> bool {
        if self.start.elapsed() > SOON {
            self.late += 1;
        }
        self.late == LATE
    }
}

/// The response to GET with these fields, without a word in the transcript.
pub(crate) fn get(client: &mut Client, target: &str, fields: &str) -> Attempt<Response> {
    ask("GET", client, target, fields)
}

pub(crate) fn ask(
    method: &str,
    client: &mut Client,
    target: &str,
    fields: &str,
) -> Attempt<Response> {
    let line = format!("{method} {target} HTTP/1.1\r\nHost: localhost");
    client.send_unnoted(format!("{line}\r\n{fields}\r\n").as_bytes())?;
    client.quiet_response(method)
}

/// GET gives exactly these bytes; the connection stays.
pub(crate) fn expect_file(client: &mut Client, target: &str, content: &[u8]) -> Attempt {
    client.send(request("GET", target))?;
    let response = client.quiet_response("GET")?;
    response.expect_status_of(target, 200)?;
    response.expect_body(content)
}

/// GET gives this status, whatever else.
pub(crate) fn expect_status(client: &mut Client, target: &str, status: u16) -> Attempt {
    client.send(request("GET", target))?;
    client.quiet_response("GET")?.expect_status_of(target, status)
}

/// GET gives these bytes, now or in a second at most.
pub(crate) fn expect_soon(client: &mut Client, target: &str, content: &[u8]) -> Attempt {
    let last = soon(client, target, |response| response.body == content)?;
    last.expect_status(200)?;
    last.expect_body(content)
}

/// GET gives this status, now or in a second at most.
pub(crate) fn expect_status_soon(
    client: &mut Client,
    target: &str,
    status: u16,
) -> Attempt {
    let last = soon(client, target, |response| response.status == status)?;
    last.expect_status(status)
}

/// The first response that is as wished, or the one that is a second late.
fn soon(
    client: &mut Client,
    target: &str,
    is_it: impl Fn(&Response) -> bool,
) -> Attempt<Response> {
    let mut notice = Notice::start();
    loop {
        let is_late = notice.is_over();
        client.send(request("GET", target))?;
        let response = client.quiet_response("GET")?;
        if is_late || is_it(&response) {
            return Ok(response);
        }
        thread::sleep(Duration::from_millis(20));
    }
}

/// A change leaves its mark in the file's times if the clock from which they come has gone on
/// since the last: before Linux 6.13 that is the coarse one of clock_gettime(2).
pub(crate) fn pass_a_tick() {
    let now = || clock_gettime(ClockId::RealtimeCoarse);
    let (before, mut pause) = (now(), Pause::new());
    while now() == before {
        pause.sleep();
    }
}
