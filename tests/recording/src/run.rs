//! A whole run of a server: what each client did, the calls that followed, and what waited
//! where when the server slept again.

use std::collections::BTreeMap;
use std::mem::take;

use serde::{Deserialize, Serialize};

use crate::call::Call;

/// The files of a folder by their names; the book says what a content may be.
pub type Folder = BTreeMap<String, String>;

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Recording {
    pub title: String,
    /// The program, such as `step3`.
    pub server: String,
    /// The kernel's tuning decides how much its buffers take: on another machine the amounts
    /// are others.
    #[serde(default, skip_serializing_if = "is_false")]
    pub amounts_vary: bool,
    /// Whether the calls before the first client are part of what is shown.
    #[serde(default, skip_serializing_if = "is_false")]
    pub startup: bool,
    /// What is in the folder that is served.
    #[serde(default, skip_serializing_if = "Folder::is_empty")]
    pub folder: Folder,
    pub events: Vec<Event>,
    /// The calls in which its threads slept at the end.
    pub waits: Vec<Call>,
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
    pub connections: Vec<Connection>,
    /// The calls that returned, in the order in which they did.
    pub calls: Vec<Call>,
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

/// A connection when the server slept again.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Connection {
    pub client: String,
    /// Bytes in the client's send buffer, and those that arrived and the server didn't read.
    pub to_server: [usize; 2],
    /// Bytes in the server's send buffer, and those that arrived and the client didn't read.
    pub to_client: [usize; 2],
    /// What the server keeps for it, as far as its calls tell.
    #[serde(default, skip_serializing_if = "Keeps::is_nothing")]
    pub keeps: Keeps,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Keeps {
    /// Bytes that a write was given and didn't take.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub unsent: usize,
    /// Bytes of a file that a sendfile(2) was asked for and didn't send.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub of_file: usize,
}

impl Keeps {
    fn is_nothing(&self) -> bool {
        *self == Keeps::default()
    }
}

fn is_false(it: &bool) -> bool {
    !it
}

fn is_zero(it: &usize) -> bool {
    *it == 0
}

impl Recording {
    /// As JSON, a line for each call, so that a difference between two is one that can be read.
    pub fn text(&self) -> serde_json::Result<String> {
        let mut head = self.clone();
        let (events, waits) = (take(&mut head.events), take(&mut head.waits));
        let head = serde_json::to_string(&head)?;
        let head = head.trim_end_matches(",\"events\":[],\"waits\":[]}");
        let events = events.into_iter().map(|mut event| {
            let calls = lines(&take(&mut event.calls), "   ")?;
            let event = serde_json::to_string(&event)?;
            Ok(event.replacen("\"calls\":[]", &format!("\"calls\":[{calls}]"), 1))
        });
        let events: Vec<String> = events.collect::<serde_json::Result<_>>()?;
        let (events, waits) = (events.join(",\n  "), lines(&waits, "  ")?);
        Ok(format!("{head},\n \"events\":[\n  {events}],\n \"waits\":[{waits}]}}\n"))
    }

    /// All calls, those that returned in the order in which they did, and then those that
    /// didn't.
    pub fn calls(&self) -> impl Iterator<Item = &Call> {
        self.events.iter().flat_map(|event| &event.calls).chain(&self.waits)
    }
}

fn lines(calls: &[Call], margin: &str) -> serde_json::Result<String> {
    let calls = calls
        .iter()
        .map(|call| Ok(format!("\n{margin}{}", serde_json::to_string(call)?)));
    Ok(calls.collect::<serde_json::Result<Vec<_>>>()?.join(","))
}
