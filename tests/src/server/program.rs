//! A program that is to be a server under test: any command.

use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};

/// A command to which `127.0.0.1:PORT` is added as the last argument.
#[derive(Clone, Debug)]
pub struct Program {
    pub command: Vec<OsString>,
    /// The folder it serves, if it serves one and a check may put files there.
    pub folder: Option<PathBuf>,
}

impl Program {
    pub fn new(command: impl IntoIterator<Item = impl AsRef<OsStr>>) -> Program {
        let command = command.into_iter();
        let command = command.map(|word| word.as_ref().to_os_string()).collect();
        Program { command, folder: None }
    }

    pub fn serving(self, folder: &Path) -> Program {
        Program { folder: Some(folder.to_path_buf()), ..self }
    }

    /// The same under another command, such as a tracer.
    pub fn under(&self, outer: &[OsString]) -> Program {
        let folder = self.folder.clone();
        Program { folder, ..Program::new(outer.iter().chain(&self.command)) }
    }
}
