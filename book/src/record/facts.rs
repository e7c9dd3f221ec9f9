//! A recording as the book shows it: calls in the words of `strace`, and the call in which the
//! server slept again behind those that an action led to.

use recording::{Asked, Connection, Folder, Got, Recording, Thread};

use super::action::{Action, Verb};
use super::client::Received;

#[derive(Clone, Debug, PartialEq)]
pub struct Facts {
    pub title: String,
    pub server: String,
    pub amounts_vary: bool,
    /// What is in the folder that is served.
    pub folder: Folder,
    pub events: Vec<Event>,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Event {
    /// Nobody, while the server starts.
    pub client: Option<String>,
    pub action: String,
    /// How many bytes it sent.
    pub sent: usize,
    /// What it got, if it read.
    pub got: Option<Got>,
    pub calls: Vec<Call>,
    pub connections: Vec<Connection>,
}

/// A system call as `strace` shows it. The last call of an event has no result: in it the
/// server sleeps. The next event that wakes it begins with the same call and its result.
#[derive(Clone, Debug, PartialEq)]
pub struct Call {
    pub name: String,
    pub args: String,
    pub result: Option<String>,
}

impl From<&Recording> for Facts {
    fn from(recording: &Recording) -> Facts {
        let mut facts = Facts {
            title: recording.title.clone(),
            server: recording.server.clone(),
            amounts_vary: recording.amounts_vary,
            folder: recording.folder.clone(),
            events: Vec::new(),
        };
        let calls: Vec<&recording::Call> = recording.calls().collect();
        let mut behind = 0;
        for event in &recording.events {
            behind += event.calls.len();
            let mut shown: Vec<Call> = event.calls.iter().filter_map(shown).collect();
            let mut threads: Vec<&Thread> =
                event.calls.iter().map(|call| &call.thread).collect();
            threads.sort();
            threads.dedup();
            for thread in threads {
                let next = calls[behind..].iter().find(|call| call.thread == *thread);
                let sleeps = next.filter(|call| call.asked.may_wait());
                shown.extend(sleeps.map(|call| Call::begun(call)));
            }
            facts.events.push(Event {
                client: event.client.clone(),
                action: event.action.clone(),
                sent: event.sent,
                got: event.got.clone(),
                calls: shown,
                connections: event.connections.clone(),
            });
        }
        if recording.startup {
            return facts;
        }
        facts.events.retain(|event| event.client.is_some());
        facts
    }
}

/// A clock is read without a system call: vdso(7).
fn shown(call: &recording::Call) -> Option<Call> {
    match call.asked {
        Asked::ClockGetTime { .. } => None,
        _ => Some(Call::of(call)),
    }
}

impl Event {
    /// The bytes that it sent.
    pub fn data(&self) -> Vec<u8> {
        let line = format!("A {}", self.action);
        match Action::parse(&line).map(|action| action.verb) {
            Ok(Verb::Send(bytes) | Verb::SendUntilRefused(bytes)) => bytes,
            Ok(Verb::SendUntilOwed(piece)) => {
                piece.iter().copied().cycle().take(self.sent).collect()
            }
            _ => Vec::new(),
        }
    }
}

impl Call {
    pub fn of(call: &recording::Call) -> Call {
        let (name, args) = (call.name().to_string(), call.args());
        Call { name, args, result: call.shown_result() }
    }

    /// As it was before it returned.
    fn begun(call: &recording::Call) -> Call {
        Call::of(&recording::Call { answer: None, ..call.clone() })
    }

    /// The number that it returned.
    pub fn number(&self) -> Option<i64> {
        self.result.as_deref()?.split(' ').next()?.parse().ok()
    }

    /// The descriptor that it is about.
    pub fn descriptor(&self) -> Option<u32> {
        let first = self.args.split([',', ')']).next()?;
        first.trim().parse().ok().filter(|_| self.name != "socket")
    }

    /// The descriptor that it made.
    pub fn made(&self) -> Option<u32> {
        const MAKE: [&str; 5] = ["socket", "accept", "accept4", "openat", "openat2"];
        let makes = MAKE.contains(&self.name.as_str());
        self.number().filter(|_| makes).and_then(|it| it.try_into().ok())
    }

    /// The amount that it was asked to move.
    pub fn wanted(&self) -> Option<usize> {
        wanted(&self.name, &self.args)
    }

    pub fn accepts(&self) -> bool {
        self.name.starts_with("accept")
    }
}

/// The amount that a call is asked to move, by its arguments.
pub fn wanted(name: &str, args: &str) -> Option<usize> {
    // Behind a send's are flags and an address, and behind a pread's is a place.
    let behind = match name {
        "sendto" => 3,
        "pread64" => 1,
        _ => 0,
    };
    args.rsplit(", ").nth(behind)?.parse().ok()
}

/// What a client got, as far as it is kept.
pub fn got(received: Received) -> Got {
    const SHOWN: usize = 4096;
    let shown = &received.bytes[..received.bytes.len().min(SHOWN)];
    Got {
        bytes: received.bytes.len(),
        text: String::from_utf8_lossy(shown).into_owned(),
        end: received.end.map(str::to_string),
    }
}
