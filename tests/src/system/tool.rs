//! Programs of the system that some checks need, and that may be missing.

use std::fmt::Display;
use std::io::{self, Write};
use std::process::{Command, Stdio};
use std::sync::LazyLock;
use std::{env, fmt};

static TRACING: LazyLock<bool> = LazyLock::new(|| {
    let mut strace = Command::new("strace");
    strace.args(["-o", "/dev/null", "true"]).stdout(Stdio::null()).stderr(Stdio::null());
    strace.status().is_ok_and(|status| status.success())
});

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Tool {
    Strace,
    Curl,
    Chromium,
    Netcat,
    Wget,
    Nginx,
    Lighttpd,
    Python,
    Valgrind,
}

impl Tool {
    pub fn program(self) -> &'static str {
        match self {
            Tool::Strace => "strace",
            Tool::Curl => "curl",
            Tool::Chromium => "chromium",
            Tool::Netcat => "nc",
            Tool::Wget => "wget",
            Tool::Nginx => "nginx",
            Tool::Lighttpd => "lighttpd",
            Tool::Python => "python3",
            Tool::Valgrind => "valgrind",
        }
    }

    /// Whether it is there and works: some containers forbid tracing.
    pub fn installed(self) -> bool {
        let path = env::var_os("PATH").unwrap_or_default();
        let mut folders = env::split_paths(&path);
        let installed = folders.any(|folder| folder.join(self.program()).is_file());
        installed && (self != Tool::Strace || *TRACING)
    }
}

/// Says what a test leaves out for want of a tool; in CI nothing may be.
///
/// Not by `eprintln`, as nobody sees what that says of a test that passes.
pub fn left_out(what: impl Display, needs: impl Display) {
    let _ = writeln!(io::stderr(), "skipped: {what} needs {needs}");
    assert!(env::var_os("CI").is_none(), "CI has {needs}");
}

impl fmt::Display for Tool {
    fn fmt(&self, out: &mut fmt::Formatter) -> fmt::Result {
        out.write_str(self.program())
    }
}
