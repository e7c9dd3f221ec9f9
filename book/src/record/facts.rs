//! What a recording of a server holds: what each client did, the system calls that followed,
//! and the bytes that waited when the server slept again.

use serde::{Deserialize, Serialize};

use super::action::{Action, Verb};
use super::client::Received;
use super::place::Folder;

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Facts {
    pub title: String,
    pub server: String,
    #[serde(default, skip_serializing_if = "is_false")]
    pub amounts_vary: bool,
    /// What is in the folder that is served.
    #[serde(default, skip_serializing_if = "Folder::is_empty")]
    pub folder: Folder,
    pub events: Vec<Event>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Event {
    /// Nobody, while the server starts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub client: Option<String>,
    pub action: String,
    /// How many bytes it sent.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub sent: usize,
    /// What it got, if it read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub got: Option<Got>,
    pub calls: Vec<Call>,
    pub connections: Vec<Connection>,
}

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Got {
    pub bytes: usize,
    /// The first of them.
    pub text: String,
    /// `the end` or `a reset`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub end: Option<String>,
}

/// A system call as `strace` shows it. The last call of an event has no result: in it the
/// server sleeps. The next event that wakes it begins with the same call and its result.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Call {
    pub name: String,
    pub args: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub result: Option<String>,
}

/// A connection when the server slept again.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Connection {
    pub client: String,
    /// Bytes in the client's send buffer, and those that arrived and the server didn't read.
    pub to_server: [usize; 2],
    /// Bytes in the server's send buffer, and those that arrived and the client didn't read.
    pub to_client: [usize; 2],
}

fn is_false(it: &bool) -> bool {
    !it
}

fn is_zero(it: &usize) -> bool {
    *it == 0
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

impl From<Received> for Got {
    fn from(received: Received) -> Got {
        const SHOWN: usize = 4096;
        let shown = &received.bytes[..received.bytes.len().min(SHOWN)];
        Got {
            bytes: received.bytes.len(),
            text: String::from_utf8_lossy(shown).into_owned(),
            end: received.end.map(str::to_string),
        }
    }
}
