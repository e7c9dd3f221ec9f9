//! A run as it is shown: its events, the calls that followed each, and frame after frame.

use checks::evidence::text;
use recording::{Call, Form};

use crate::record::ledger::{moved, wanted};

pub struct Scene {
    pub title: String,
    /// `step3`.
    pub server: String,
    pub step: u8,
    pub amounts_vary: bool,
    pub events: Vec<Event>,
    pub frames: Vec<Frame>,
}

/// What a client did, and the calls that followed.
pub struct Event {
    pub client: Option<String>,
    pub action: String,
    /// What it read, in words.
    pub got: Option<String>,
    pub lines: Vec<Line>,
}

/// A system call, or one of its halves.
pub struct Line {
    pub call: Call,
    pub turn: Turn,
    /// The client whose connection it is about.
    pub about: Option<String>,
    /// What a `poll` found, in words.
    pub ready: Vec<String>,
    pub says: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Turn {
    /// The server sleeps in it.
    Sleeps,
    /// It returns: its beginning was a line before.
    Resumes,
    Whole,
}

pub struct Frame {
    pub event: usize,
    /// The call, or none for the action.
    pub line: Option<usize>,
    pub says: String,
    pub connections: Vec<Connection>,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Connection {
    pub client: String,
    pub state: State,
    pub to_server: Pipe,
    pub to_client: Pipe,
    /// The client has closed it.
    pub left: bool,
}

/// The bytes on their way in one direction.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Pipe {
    /// In the send buffer of the one, and in the receive buffer of the other.
    pub send: usize,
    pub receive: usize,
    /// All of them, if they are few.
    pub text: Option<String>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum State {
    /// Not accepted yet.
    #[default]
    Queued,
    /// Accepted, and no call about it yet.
    Accepted,
    /// In the list of a `poll`, and no call about it since.
    Polled,
    Req,
    Res,
    /// It was told that nothing follows.
    Linger,
    End,
}

/// How a call went, as far as its result tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    Done,
    /// It would have had to wait, or was interrupted: nothing is wrong.
    NotNow,
    Error,
}

impl Line {
    /// Nothing while the server sleeps.
    pub fn result(&self, form: Form) -> String {
        self.call.shown_result(form).unwrap_or_default()
    }

    pub fn outcome(&self) -> Outcome {
        let error = self.call.error().map(|error| error.to_string());
        match error.as_deref() {
            None => Outcome::Done,
            Some("EAGAIN" | "EINTR") => Outcome::NotNow,
            Some(_) => Outcome::Error,
        }
    }

    /// Whether it did all that it was asked for.
    pub fn has_all(&self) -> bool {
        moved(&self.call) == wanted(&self.call)
    }

    /// How many bytes a write was asked for.
    pub fn asked(&self) -> String {
        wanted(&self.call).map_or("them".to_string(), text::amount)
    }
}
