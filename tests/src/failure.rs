//! What went wrong, as data; [`crate::report`] puts it into words.

use std::net::SocketAddr;
use std::process::ExitStatus;

use crate::script::Script;

#[derive(Clone, Debug)]
pub struct Failure {
    pub kind: Kind,
    /// The client to which it happened, if it was one.
    pub client: Option<String>,
    /// The transcript up to here.
    pub transcript: String,
    pub script: Script,
}

#[derive(Clone, Debug)]
pub enum Kind {
    /// Other bytes came than the ones expected.
    Different { expected: Vec<u8>, received: Vec<u8> },
    /// The end came before all that was expected.
    ClosedEarly { expected: Vec<u8>, received: Vec<u8> },
    /// The connection was reset instead.
    Reset { expected: Vec<u8>, received: Vec<u8> },
    /// Nothing more came, however long the check waited.
    Silence { expected: Vec<u8>, received: Vec<u8> },
    /// The end was due, and never came.
    NoEnd,
    /// Something came where nothing was due.
    ExtraBytes { received: Vec<u8> },
    /// The server doesn't let the client connect.
    Refused { error: String },
    /// What came isn't an HTTP response.
    NotHttp { fault: String, received: Vec<u8> },
    /// A fact that isn't bytes: a status, a count, memory, time.
    Fact { what: String, expected: String, received: String },
    /// The program can't be run at all.
    DidNotStart { error: String },
    /// It runs, but doesn't listen here.
    DidNotListen { address: SocketAddr, output: Output },
    /// It ended, before the check or in its midst.
    Died { status: ExitStatus, listened: bool, output: Output },
}

/// What the server printed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Output {
    pub stdout: String,
    pub stderr: String,
}

impl Failure {
    pub fn new(kind: Kind) -> Box<Failure> {
        Box::new(Failure {
            kind,
            client: None,
            transcript: String::new(),
            script: Script::default(),
        })
    }

    /// A fact about the server that isn't as claimed.
    pub fn fact(
        what: impl Into<String>,
        expected: impl ToString,
        received: impl ToString,
    ) -> Box<Failure> {
        Failure::new(Kind::Fact {
            what: what.into(),
            expected: expected.to_string(),
            received: received.to_string(),
        })
    }

    pub fn of(mut self: Box<Failure>, client: &str) -> Box<Failure> {
        self.client = Some(client.to_string());
        self
    }

    /// The server was made to fail on purpose: that it ended is the check's matter.
    pub fn on_purpose(mut self: Box<Failure>) -> Box<Failure> {
        if let Kind::Died { listened, .. } = &mut self.kind {
            *listened = true;
        }
        self
    }

    /// The program never came as far as the check: every other one would say the same.
    pub fn before_the_check(&self) -> bool {
        match self.kind {
            Kind::DidNotStart { .. } | Kind::DidNotListen { .. } => true,
            Kind::Died { listened, .. } => !listened,
            _ => false,
        }
    }
}

/// Where two byte strings part.
pub fn parting(expected: &[u8], received: &[u8]) -> usize {
    let pairs = expected.iter().zip(received);
    pairs.take_while(|(left, right)| left == right).count()
}
