//! What a conversation takes the server in system calls.

use crate::client::Client;
use crate::client::http::requests::request;
use crate::evidence::failure::{Attempt, Failure};
use crate::scene::Scene;
use crate::system::trace::{ACCEPTS, WAITS};

const READS: &str = "read,readv,recv,recvfrom,recvmsg";
const WRITES: &str = "write,writev,send,sendto,sendmsg,sendfile,splice";
const OPENS: &str = "open,openat,openat2";
/// A change of what is waited for.
const CHANGES: &str = "epoll_ctl";

/// Calls on the one connection, and the waits of its thread.
pub(crate) struct Counts {
    pub(crate) waits: usize,
    pub(crate) reads: usize,
    /// Reads of anything else, such as other connections.
    pub(crate) other_reads: usize,
    pub(crate) writes: usize,
    /// The writes that had nothing to write.
    pub(crate) empty_writes: usize,
    /// Calls that open a file, whatever they give.
    pub(crate) opens: usize,
    /// Calls that change what is waited for. With poll(2) there are none.
    pub(crate) changes: usize,
}

impl Counts {
    /// What it takes the server while a client does this: from the read that gets a request
    /// before it on, whose response counts too, up to the read that gets a request behind it.
    pub(crate) fn during(
        scene: &Scene,
        client: &mut Client,
        talk: impl FnOnce(&mut Client) -> Attempt,
    ) -> Attempt<Counts> {
        client.send(request("GET", "/first"))?;
        client.response()?;
        talk(client)?;
        client.send(request("GET", "/last"))?;
        client.response()?;
        Counts::between(scene, "GET /first", "GET /last")
    }

    fn between(scene: &Scene, first: &str, last: &str) -> Attempt<Counts> {
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
            other_reads: count(READS, false) - count(READS, true),
            writes: count(WRITES, true),
            empty_writes: writes.filter(|call| call.result == "0").count(),
            opens: count(OPENS, false),
            changes: count(CHANGES, false),
        })
    }
}
