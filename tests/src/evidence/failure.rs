//! What went wrong, as data; [`crate::report`] puts it into words.

use std::fmt::Display;
use std::net::SocketAddr;
use std::process::ExitStatus;
use std::time::Duration;

use crate::evidence::script::Script;

/// What every verb of a conversation gives back: the first failure ends the check.
pub type Attempt<T = ()> = Result<T, Box<Failure>>;

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
    /// Nothing more came for so long.
    Silence { expected: Vec<u8>, received: Vec<u8>, waited: Duration },
    /// The end was due, and didn't come for so long.
    NoEnd { waited: Duration },
    /// The end was due, and a reset came.
    ResetAtEnd,
    /// Something came where nothing was due.
    ExtraBytes { received: Vec<u8> },
    /// The server doesn't let the client connect.
    Refused { error: String },
    /// What came isn't an HTTP response.
    NotHttp { fault: String, received: Vec<u8> },
    /// A fact that isn't bytes: a status, a count, memory, time.
    Fact { what: String, expected: String, received: String },
    /// The check couldn't do its own part, for which the server isn't to blame.
    Own { part: String, error: String },
    /// The fault that the check is to show isn't there, and what comes after it is.
    Ahead { how: String },
    /// The program can't be run at all.
    DidNotStart { error: String },
    /// It runs, but doesn't listen here for so long.
    DidNotListen { address: SocketAddr, patience: Duration, output: Output },
    /// It listens, but not at the address that it was given.
    ListensElsewhere { address: SocketAddr, elsewhere: Vec<String> },
    /// It ended and said that its address is in use, which the one it was given isn't.
    WantsAnother { address: SocketAddr, output: Output },
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

    /// Something that the check itself was to do, and couldn't.
    pub fn own(part: &str, error: impl Display) -> Box<Failure> {
        let (part, error) = (part.to_string(), error.to_string());
        Failure::new(Kind::Own { part, error })
    }

    /// No failure, but a server that is better than the step whose fault is looked for.
    pub fn ahead(how: &str) -> Box<Failure> {
        Failure::new(Kind::Ahead { how: how.to_string() })
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

    /// The same, of a program whose own port is known to be free: if it ended because some
    /// port isn't, it wanted another one.
    pub fn with_a_free_port(mut self: Box<Failure>, address: SocketAddr) -> Box<Failure> {
        if let Kind::Died { listened: false, output, .. } = &self.kind
            && output.says_in_use()
        {
            self.kind = Kind::WantsAnother { address, output: output.clone() };
        }
        self
    }

    /// The program never came as far as the check: every other one would say the same.
    pub fn before_the_check(&self) -> bool {
        match self.kind {
            Kind::DidNotStart { .. }
            | Kind::DidNotListen { .. }
            | Kind::ListensElsewhere { .. }
            | Kind::WantsAnother { .. } => true,
            Kind::Died { listened, .. } => !listened,
            _ => false,
        }
    }
}

impl Output {
    /// EADDRINUSE in the words of the C library, which most languages pass on, or by name.
    fn says_in_use(&self) -> bool {
        let printed = [&self.stderr, &self.stdout].map(|text| text.to_lowercase());
        let says = |words| printed.iter().any(|text| text.contains(words));
        says("address already in use") || says("eaddrinuse")
    }
}

/// Where two byte strings part.
pub fn parting(expected: &[u8], received: &[u8]) -> usize {
    let pairs = expected.iter().zip(received);
    pairs.take_while(|(left, right)| left == right).count()
}
