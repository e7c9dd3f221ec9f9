//! What the kernel gave a call.

use serde::{Deserialize, Serialize};

use crate::data::Given;
use crate::errors::Errno;

/// What the kernel gave.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Answer {
    Failed {
        error: Errno,
    },
    Done {
        result: i64,
        #[serde(flatten)]
        payload: Payload,
    },
}

/// What came beside the number.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Payload {
    /// Bytes that were read or drawn.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub data: Option<Given>,
    /// The entries of a poll(2) that are ready.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub ready: Vec<Entry>,
    /// The events of an epoll_wait(2).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub woken: Vec<Woken>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub address: Option<String>,
    /// Seconds and nanoseconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub time: Option<(i64, i64)>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub file: Option<FileFacts>,
}

/// One event of an epoll_wait(2), and the number that the program gave its descriptor.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Woken {
    pub events: i64,
    pub data: u64,
}

/// What statx(2) says about a file, as far as a server asks.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct FileFacts {
    pub mode: i64,
    pub size: i64,
    pub inode: i64,
    /// When its bytes changed, and when anything about it did.
    pub modified: (i64, i64),
    pub changed: (i64, i64),
}

/// One descriptor of a poll(2), and the events that are asked about, or that came.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    pub fd: i64,
    pub events: i64,
}
