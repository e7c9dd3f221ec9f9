//! Programs under which a server runs to be counted.

use std::ffi::OsString;
use std::path::Path;

/// What writes down what a server does, when the server has ended.
pub enum Tracer<'a> {
    Nothing,
    /// System calls, by strace: a table in this file.
    Strace(&'a Path),
    /// Instructions, by valgrind: a profile.
    Callgrind {
        profile: &'a Path,
        /// What opens files where valgrind doesn't know openat2(2).
        openat2: &'a Path,
    },
}

impl Tracer<'_> {
    /// The command before the server's own.
    pub fn words(&self) -> Vec<OsString> {
        match self {
            Tracer::Nothing => Vec::new(),
            Tracer::Strace(table) => {
                let mut words: Vec<OsString> =
                    ["strace", "-f", "-qq", "-c", "-o"].map(OsString::from).into();
                words.extend([table.into(), "--".into()]);
                words
            }
            Tracer::Callgrind { profile, openat2 } => vec![
                "env".into(),
                format!("LD_PRELOAD={}", openat2.display()).into(),
                "valgrind".into(),
                "--quiet".into(),
                "--tool=callgrind".into(),
                format!("--callgrind-out-file={}", profile.display()).into(),
            ],
        }
    }

    /// Whether the server is a child of the tracer: callgrind is in the server's own process.
    pub fn is_parent(&self) -> bool {
        matches!(self, Tracer::Strace(_))
    }
}
