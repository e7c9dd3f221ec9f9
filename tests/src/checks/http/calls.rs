//! What requests cost in system calls: step 6, and from there on.

use crate::check::Check;
use crate::checks::requests::request;
use crate::client::http::pipeline::Pipeline;
use crate::evidence::failure::{Attempt, Failure};
use crate::evidence::text::grouped;
use crate::scene::Scene;
use crate::system::tool::Tool;
use crate::system::trace::{ACCEPTS, WAITS};

pub const CHECKS: &[Check] = &[
    Check::new(
        6,
        "sixteen_responses_leave_in_one_write",
        "The responses to 16 requests that came together leave in one write.",
        sixteen_responses_leave_in_one_write,
    )
    .needs(&[Tool::Strace]),
    Check::new(
        6,
        "a_request_takes_one_wait_one_read_and_one_write",
        "A request on a connection that stays takes one wait, one read and one write.",
        a_request_takes_one_wait_one_read_and_one_write,
    )
    .needs(&[Tool::Strace]),
];

const READS: &str = "read,readv,recv,recvfrom,recvmsg";
const WRITES: &str = "write,writev,send,sendto,sendmsg,sendfile,splice";
const OPENS: &str = "open,openat,openat2";

fn sixteen_responses_leave_in_one_write(scene: &mut Scene) -> Attempt {
    scene.start_traced()?;
    let pipeline = Pipeline::without_pages(16);
    let mut a = scene.connect()?;
    a.send(request("GET", "/first"))?;
    a.response()?;
    a.note("→ 16 requests in one write");
    a.send_unnoted(&pipeline.bytes())?;
    pipeline.expect_answers(&mut a)?;
    a.send(request("GET", "/last"))?;
    a.response()?;
    let writes = Counts::between(scene, "GET /first", "GET /last")?.writes;
    // One of them is of the first response.
    if writes != 2 {
        let writes = writes.saturating_sub(1);
        let what = "calls that write to the connection for 16 responses";
        return Err(Failure::fact(what, 1, grouped(writes as u64)));
    }
    scene.note("the 16 responses left in one call");
    Ok(())
}

fn a_request_takes_one_wait_one_read_and_one_write(scene: &mut Scene) -> Attempt {
    const REQUESTS: usize = 50;
    const FEW: usize = 2;
    scene.start_traced()?;
    let mut a = scene.connect()?;
    a.send(request("GET", "/first"))?;
    a.response()?;
    for _ in 1..REQUESTS {
        // A page may be a file, whose head and body may be written one after the other.
        a.send_unnoted(request("HEAD", "/").as_bytes())?;
        a.quiet_response("HEAD")?.expect_status(200)?;
    }
    a.note("→ 49 requests more, each after the response before, and gets 49 responses");
    a.send(request("GET", "/last"))?;
    a.response()?;
    let counts = Counts::between(scene, "GET /first", "GET /last")?;
    for (what, count) in
        [("waits", counts.waits), ("reads", counts.reads), ("writes", counts.writes)]
    {
        if count > REQUESTS + FEW {
            let what = format!("{what} for {REQUESTS} requests");
            return Err(Failure::fact(what, REQUESTS, grouped(count as u64)));
        }
    }
    scene.note("that took the server 50 waits, 50 reads and 50 writes");
    Ok(())
}

/// Calls on the one connection, and the waits of its thread.
pub(crate) struct Counts {
    pub(crate) waits: usize,
    pub(crate) reads: usize,
    pub(crate) writes: usize,
    /// The writes that had nothing to write.
    pub(crate) empty_writes: usize,
    /// Calls that open a file, whatever they give.
    pub(crate) opens: usize,
}

impl Counts {
    /// From the read that got the first text on, up to the one that got the second.
    pub(crate) fn between(scene: &Scene, first: &str, last: &str) -> Attempt<Counts> {
        let calls = scene.calls();
        let accept =
            calls.iter().find(|call| call.is_one_of(ACCEPTS) && call.succeeded());
        let socket = accept.map(|call| call.result.clone()).unwrap_or_default();
        let got = |text| {
            let mut calls = calls.iter();
            calls.position(|call| {
                call.is_one_of(READS) && call.is_on(&socket) && call.args.contains(text)
            })
        };
        let (Some(from), Some(upto)) = (got(first), got(last)) else {
            let what = "the calls that read the requests";
            return Err(Failure::fact(what, "in the trace", "not found"));
        };
        let span = &calls[from..upto];
        let count = |names: &str, on_socket: bool| {
            let named = span.iter().filter(|call| call.is_one_of(names));
            named.filter(|call| !on_socket || call.is_on(&socket)).count()
        };
        let writes = span.iter().filter(|call| call.is_one_of(WRITES));
        let writes = writes.filter(|call| call.is_on(&socket));
        Ok(Counts {
            waits: count(WAITS, false),
            reads: count(READS, true),
            writes: count(WRITES, true),
            empty_writes: writes.filter(|call| call.result == "0").count(),
            opens: count(OPENS, false),
        })
    }
}
