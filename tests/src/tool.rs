//! Programs of the system that some checks need, and that may be missing.

use std::fmt;

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Tool {
    Strace,
    Curl,
    Chromium,
    Netcat,
}

impl Tool {
    pub fn program(self) -> &'static str {
        match self {
            Tool::Strace => "strace",
            Tool::Curl => "curl",
            Tool::Chromium => "chromium",
            Tool::Netcat => "nc",
        }
    }

    pub fn installed(self) -> bool {
        let path = std::env::var_os("PATH").unwrap_or_default();
        std::env::split_paths(&path).any(|folder| folder.join(self.program()).is_file())
    }
}

impl fmt::Display for Tool {
    fn fmt(&self, out: &mut fmt::Formatter) -> fmt::Result {
        out.write_str(self.program())
    }
}
