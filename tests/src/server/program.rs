//! A program that is to be a server under test: any command.

use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};

/// A command to which `127.0.0.1:PORT` is added as the last argument.
#[derive(Clone, Debug)]
pub struct Program {
    pub command: Vec<OsString>,
    /// What takes the place of `{patience}` in its command: after how many seconds it is to let
    /// a client go that stalls.
    pub patience: u32,
    /// The folder it serves, if it serves one and a check may put files there.
    pub folder: Option<PathBuf>,
}

/// What stands in a command for the number of seconds.
pub const PLACE: &str = "{patience}";

impl Program {
    /// For checks that stall and are to be borne.
    pub const PATIENT: u32 = 300;
    /// For checks that wait until they aren't borne any more.
    pub const IMPATIENT: u32 = 1;

    pub fn new(command: impl IntoIterator<Item = impl AsRef<OsStr>>) -> Program {
        let command = command.into_iter();
        let command = command.map(|word| word.as_ref().to_os_string()).collect();
        Program { command, folder: None, patience: Program::PATIENT }
    }

    pub fn serving(self, folder: &Path) -> Program {
        Program { folder: Some(folder.to_path_buf()), ..self }
    }

    pub fn with_patience(self, patience: u32) -> Program {
        Program { patience, ..self }
    }

    /// The same under another command, such as a tracer.
    pub fn under(&self, outer: &[OsString]) -> Program {
        let (folder, patience) = (self.folder.clone(), self.patience);
        let command = Program::new(outer.iter().chain(&self.command));
        Program { folder, patience, ..command }
    }

    /// The words that start it, but for the address.
    pub fn words(&self) -> Vec<OsString> {
        let seconds = self.patience.to_string();
        let filled = |word: &OsString| match word.to_str() {
            Some(text) => text.replace(PLACE, &seconds).into(),
            None => word.clone(),
        };
        self.command.iter().map(filled).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_patience_has_its_place() {
        let program = Program::new(["./mine", "--patience={patience}", "{patience}"]);
        assert_eq!(program.words(), ["./mine", "--patience=300", "300"]);
        let program = program.with_patience(1).under(&["strace".into()]);
        assert_eq!(program.words(), ["strace", "./mine", "--patience=1", "1"]);
        assert_eq!(Program::new(["./mine"]).with_patience(1).words(), ["./mine"]);
    }
}
