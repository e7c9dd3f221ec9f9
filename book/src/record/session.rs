//! A program that runs, with all that it started.

use std::io::Write;
use std::os::unix::process::CommandExt;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use checks::system::captured::Captured;
use checks::system::group::Group;
use checks::system::process::ProcessTree;

/// For one line of what it prints.
pub const ANSWER: Duration = Duration::from_secs(20);

pub struct Session {
    child: Child,
    group: Group,
    pub printed: Captured,
}

impl Session {
    pub fn start(command: &mut Command, typing: bool) -> Result<Session> {
        let (reader, writer) = std::io::pipe()?;
        command
            .stdin(if typing { Stdio::piped() } else { Stdio::null() })
            .stdout(writer.try_clone()?)
            .stderr(writer)
            .process_group(0);
        let child = command.spawn();
        // Ours are closed with this: the pipe ends when the program does.
        command.stdout(Stdio::null()).stderr(Stdio::null());
        let child = child?;
        let (group, printed) = (Group::of(&child), Captured::from(Some(reader)));
        Ok(Session { child, group, printed })
    }

    /// A server, from when it says that it listens.
    pub fn serving(command: &mut Command) -> Result<Session> {
        let session = Session::start(command, false)?;
        let said = session.printed.wait_for_lines(1, ANSWER);
        let text = session.printed.text();
        ensure!(said && text.starts_with("listening on "), "it doesn't listen: {text}");
        Ok(session)
    }

    pub fn process(&self) -> ProcessTree {
        ProcessTree::of(self.child.id())
    }

    pub fn enter(&mut self, line: &str) -> Result<()> {
        let mut stdin = self.child.stdin.as_ref().context("it takes no input")?;
        Ok(writeln!(stdin, "{line}")?)
    }

    pub fn end_input(&mut self) {
        drop(self.child.stdin.take());
    }

    pub fn has_ended(&mut self) -> bool {
        self.child.try_wait().is_ok_and(|status| status.is_some())
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        self.group.stop();
        let _ = self.child.wait();
    }
}
