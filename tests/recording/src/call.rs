//! A system call: what a thread asked, what it was given, and where in the program it asked.

use serde::{Deserialize, Serialize};

use crate::answer::{Answer, Entry, Payload};
use crate::data::Data;
use crate::errors::Errno;

/// One system call.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Call {
    #[serde(default, skip_serializing_if = "Thread::is_main")]
    pub thread: Thread,
    #[serde(flatten)]
    pub asked: Asked,
    /// None while it hasn't returned.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub answer: Option<Answer>,
    /// The lines of the program's source that led to it, the innermost first: `src/sys.rs:57`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub at: Vec<String>,
}

/// Which thread: the main one has no name, its children are 1, 2, …, theirs 1.1, 1.2, ….
/// So a thread has the same name in every run, whoever gets to run first.
#[derive(
    Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize,
)]
pub struct Thread(pub Vec<u32>);

impl Thread {
    pub fn is_main(&self) -> bool {
        self.0.is_empty()
    }
}

/// What the program asks for. Addresses are as std::net shows them, flags are numbers.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "call", rename_all = "lowercase")]
pub enum Asked {
    Socket {
        family: i64,
        kind: i64,
        protocol: i64,
    },
    SetSockOpt {
        fd: i64,
        level: i64,
        option: i64,
        value: Data,
    },
    GetSockOpt {
        fd: i64,
        level: i64,
        option: i64,
        room: usize,
    },
    Bind {
        fd: i64,
        address: String,
    },
    Listen {
        fd: i64,
        backlog: i64,
    },
    GetSockName {
        fd: i64,
    },
    GetPeerName {
        fd: i64,
    },
    Accept {
        fd: i64,
        named: bool,
    },
    Accept4 {
        fd: i64,
        flags: i64,
        named: bool,
    },
    Connect {
        fd: i64,
        address: String,
    },
    Shutdown {
        fd: i64,
        how: i64,
    },
    Poll {
        entries: Vec<Entry>,
        timeout: i64,
    },
    Read {
        fd: i64,
        room: usize,
    },
    Write {
        fd: i64,
        data: Data,
    },
    RecvFrom {
        fd: i64,
        room: usize,
        flags: i64,
    },
    SendTo {
        fd: i64,
        data: Data,
        flags: i64,
    },
    SendFile {
        fd: i64,
        file: i64,
        offset: Option<i64>,
        count: usize,
    },
    OpenAt {
        folder: i64,
        path: String,
        flags: i64,
    },
    OpenAt2 {
        folder: i64,
        path: Data,
        flags: i64,
        resolve: i64,
    },
    Statx {
        fd: i64,
        path: String,
        flags: i64,
        mask: i64,
    },
    PRead64 {
        fd: i64,
        room: usize,
        offset: i64,
    },
    Close {
        fd: i64,
    },
    EventFd2 {
        value: i64,
        flags: i64,
    },
    #[serde(rename = "clock_gettime")]
    ClockGetTime {
        clock: i64,
    },
    GetRandom {
        room: usize,
        flags: i64,
    },
    ReadV {
        fd: i64,
        rooms: Vec<usize>,
    },
    WriteV {
        fd: i64,
        /// All pieces as one.
        data: Data,
        pieces: Vec<usize>,
    },
    #[serde(rename = "epoll_create1")]
    EpollCreate1 {
        flags: i64,
    },
    #[serde(rename = "epoll_ctl")]
    EpollCtl {
        fd: i64,
        operation: i64,
        target: i64,
        events: i64,
        data: u64,
    },
    #[serde(rename = "epoll_wait")]
    EpollWait {
        fd: i64,
        room: usize,
        timeout: i64,
    },
    /// A call that only the hostile kernel answers: it is neither recorded nor played back.
    Other {
        name: String,
        arguments: Vec<i64>,
    },
}

impl Asked {
    /// The descriptor that it is about.
    pub fn descriptor(&self) -> Option<i64> {
        use Asked::*;
        match self {
            SetSockOpt { fd, .. }
            | GetSockOpt { fd, .. }
            | Bind { fd, .. }
            | Listen { fd, .. }
            | GetSockName { fd }
            | GetPeerName { fd }
            | Accept { fd, .. }
            | Accept4 { fd, .. }
            | Connect { fd, .. }
            | Shutdown { fd, .. }
            | Read { fd, .. }
            | Write { fd, .. }
            | RecvFrom { fd, .. }
            | SendTo { fd, .. }
            | SendFile { fd, .. }
            | Statx { fd, .. }
            | PRead64 { fd, .. }
            | ReadV { fd, .. }
            | WriteV { fd, .. }
            | EpollCtl { fd, .. }
            | EpollWait { fd, .. }
            | Close { fd } => Some(*fd),
            Socket { .. }
            | Poll { .. }
            | OpenAt { .. }
            | OpenAt2 { .. }
            | EventFd2 { .. }
            | ClockGetTime { .. }
            | GetRandom { .. }
            | EpollCreate1 { .. }
            | Other { .. } => None,
        }
    }

    /// Whether it returns a descriptor.
    pub fn makes_descriptor(&self) -> bool {
        use Asked::*;
        matches!(
            self,
            Socket { .. }
                | Accept { .. }
                | Accept4 { .. }
                | OpenAt { .. }
                | OpenAt2 { .. }
                | EventFd2 { .. }
                | EpollCreate1 { .. }
        )
    }

    /// Whether it is a wait that ends within `milliseconds`, whatever happens.
    pub fn waits_at_most(&self, milliseconds: i64) -> bool {
        match self {
            Asked::Poll { timeout, .. } | Asked::EpollWait { timeout, .. } => {
                (0..=milliseconds).contains(timeout)
            }
            _ => false,
        }
    }

    /// Whether a thread may sleep in it.
    pub fn may_wait(&self) -> bool {
        use Asked::*;
        matches!(
            self,
            Poll { .. }
                | Accept { .. }
                | Accept4 { .. }
                | Read { .. }
                | Write { .. }
                | RecvFrom { .. }
                | SendTo { .. }
                | SendFile { .. }
                | Connect { .. }
                | ReadV { .. }
                | WriteV { .. }
                | EpollWait { .. }
        )
    }
}

impl Call {
    /// The number that it returned, -1 for an error.
    pub fn result(&self) -> Option<i64> {
        match self.answer.as_ref()? {
            Answer::Failed { .. } => Some(-1),
            Answer::Done { result, .. } => Some(*result),
        }
    }

    pub fn error(&self) -> Option<Errno> {
        match self.answer.as_ref()? {
            Answer::Failed { error } => Some(*error),
            Answer::Done { .. } => None,
        }
    }

    pub fn payload(&self) -> Option<&Payload> {
        match self.answer.as_ref()? {
            Answer::Failed { .. } => None,
            Answer::Done { payload, .. } => Some(payload),
        }
    }

    /// The descriptor that it made.
    pub fn made(&self) -> Option<i64> {
        self.result().filter(|fd| self.asked.makes_descriptor() && *fd >= 0)
    }
}
