//! The hostile kernel: what its clients do, which faults it may make, and what it reports.

use std::fmt;
use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use crate::data::Data;
use crate::orders::Witnessed;

/// Orders for a run.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Hostility {
    /// All that is drawn in the run follows from it.
    pub seed: u64,
    /// Without faults all bytes go at once, and no call fails without a reason.
    pub faults: bool,
    /// Whether the last calls are told with where they were made, which takes time.
    pub traced: bool,
    /// The faults that aren't made.
    pub without: Vec<Fault>,
    /// Only calls for files in this folder fail.
    pub folder: Option<PathBuf>,
    /// A file with a [`Script`] in JSON.
    pub script: PathBuf,
    /// Where the [`Account`] goes.
    pub report: PathBuf,
}

/// What the clients do. It begins when the program listens.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Script {
    pub clients: Vec<Client>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Client {
    pub name: String,
    pub acts: Vec<Act>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Act {
    Connect,
    /// The bytes go their way while the client does what comes next.
    Send(Data),
    /// Until the server sleeps and no byte moves.
    Rest,
    /// In milliseconds.
    Wait(u64),
    /// Takes nothing more from its kernel's buffer.
    StopReading,
    /// Takes so many bytes at most, and again after so many milliseconds.
    ReadSlowly {
        bytes: usize,
        pause: u64,
    },
    /// Takes everything at once again, as at first.
    Read,
    /// Says, behind all that it sends, that nothing more will come.
    HalfClose,
    /// Does the same, and takes no byte more.
    Close,
    /// Is gone with whatever was on its way.
    Reset,
}

macro_rules! faults {
    ($($(#[$doc:meta])* $name:ident),* $(,)?) => {
        /// What this kernel may do to a program. Linux may do all of it.
        #[derive(
            Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize,
        )]
        pub enum Fault {
            $($(#[$doc])* $name),*
        }

        impl Fault {
            pub const ALL: &[Fault] = &[$(Fault::$name),*];
        }
    };
}

faults! {
    /// Fewer bytes than are there.
    ShortRead,
    /// Fewer bytes than there is room for.
    ShortWrite,
    /// EINTR.
    InterruptedRead,
    InterruptedWrite,
    /// EAGAIN although the socket was ready.
    UnreadyRead,
    UnreadyWrite,
    ShortSendFile,
    InterruptedSendFile,
    UnreadySendFile,
    /// EIO: the file can't be read.
    FailedSendFile,
    InterruptedAccept,
    UnreadyAccept,
    /// ECONNABORTED or EPROTO: a client that gave up.
    AbortedAccept,
    /// EMFILE, ENFILE, ENOMEM, ENOBUFS, for a moment.
    ExhaustedAccept,
    InterruptedWait,
    /// ENOMEM from poll(2).
    ExhaustedWait,
    /// A setsockopt(2) of an accepted socket fails.
    RefusedOption,
    /// EINTR; the descriptor is closed, as always on Linux.
    InterruptedClose,
    InterruptedOpen,
    /// EAGAIN from openat2(2), which somebody's rename(2) brings about.
    UnreadyOpen,
    ExhaustedOpen,
    /// EIO from statx(2).
    FailedStat,
    /// EIO from pread(2) or read(2) of a file.
    FailedFileRead,
    ShortFileRead,
    InterruptedFileRead,
    /// The process doesn't get to run for some seconds.
    LostTime,
    /// ENOMEM or ENOSPC from epoll_ctl(2).
    RefusedWatch,
    /// An event for a descriptor that is closed already: epoll(7) watches a socket until its last copy
    /// is closed, and a process that reads the server's /proc has a copy for a moment.
    LateEvent,
}

impl Fault {
    /// Whether only programs that use epoll(7) meet it.
    pub fn is_of_epoll(self) -> bool {
        matches!(self, Fault::RefusedWatch | Fault::LateEvent)
    }
}

/// A fault that was made.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Injected {
    /// The number of the call, from 1.
    pub call: u64,
    pub fault: Fault,
    /// The client whose connection it was.
    pub client: Option<String>,
    /// Such as `read(5, …): EINTR`.
    pub what: String,
}

/// What became of a run.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Account {
    /// The program's file, whatever started it.
    pub program: Option<PathBuf>,
    pub outcome: Fate,
    pub clients: Vec<Seen>,
    /// How much time passed for the program, in nanoseconds.
    pub duration: u64,
    pub calls: u64,
    pub injected: Vec<Injected>,
    /// Sockets of clients that are gone, which the server didn't close.
    pub left_open: Vec<i64>,
    /// The last calls; data is cut.
    pub last: Vec<Witnessed>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Fate {
    /// The clients have done all they had to do, and the server sleeps.
    Sleeps,
    /// So many calls, and neither a byte moved nor time.
    Spins { calls: u64 },
    /// The program ended by itself.
    Ended,
    /// It made a call that this kernel doesn't have.
    Unknown { call: String },
}

/// What a client got.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Seen {
    pub name: String,
    pub received: Data,
    pub end: End,
    /// When that came, in nanoseconds.
    pub ended: Option<u64>,
    /// When the server closed its socket, in nanoseconds.
    pub closed: Option<u64>,
    /// How many of its bytes reached the server's buffer.
    pub delivered: usize,
    /// For each [`Act::Rest`], what it had then.
    pub rests: Vec<Rested>,
    /// The acts that it never came to.
    pub undone: usize,
}

#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Rested {
    /// In nanoseconds.
    pub time: u64,
    pub received: usize,
    pub end: End,
}

/// How a connection stands for its client.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum End {
    NotConnected,
    Refused,
    Open,
    /// The server's end came.
    Ended,
    /// A reset came.
    Reset,
    /// The client itself closed or reset it before.
    Left,
}

impl fmt::Display for End {
    fn fmt(&self, out: &mut fmt::Formatter) -> fmt::Result {
        out.write_str(match self {
            End::NotConnected => "it never connected",
            End::Refused => "nobody listened",
            End::Open => "nothing more",
            End::Ended => "the end",
            End::Reset => "a reset",
            End::Left => "it left by itself",
        })
    }
}
