//! Commands in a terminal, run for real.

use std::io::Write;
use std::os::unix::process::CommandExt;
use std::process::{Child, Stdio};
use std::time::Duration;

use anyhow::{Context, Result, anyhow, ensure};
use checks::server::{Program, Server};
use rustix::process::{Pid, Signal, kill_process_group};

use super::plan::{Console, Detailed};
use super::ports;
use super::printed::Printed;
use super::programs::Programs;
use super::rules;

/// For a whole command: some checks wait in vain for a while.
const PATIENCE: Duration = Duration::from_secs(180);
/// For one line of an answer.
const ANSWER: Duration = Duration::from_secs(20);

/// A line of a console recording, told apart by its first two characters.
pub const COMMAND: &str = "$ ";
pub const NOTE: &str = "# ";
pub const TYPED: &str = "< ";
pub const OUTPUT: &str = "  ";

/// The transcript: lines that start with one of the marks above.
pub fn perform(console: &Console, programs: &Programs) -> Result<String> {
    let server = match &console.server {
        Some(name) => {
            let program = Program::new([programs.path(name)?]);
            let server = Server::start(&program, false, ANSWER);
            Some(server.map_err(|_| anyhow!("{name} doesn't start"))?)
        }
        None => None,
    };
    let port = server.as_ref().map_or_else(ports::free, |server| server.address.port());
    let mut transcript = String::new();
    let mut staying = Vec::new();
    for command in &console.run {
        let command = command.detailed();
        let said = || format!("`{}`", command.command);
        let mut session = Session::start(&command, programs, port).with_context(said)?;
        let lines = session.play(&command).with_context(said)?;
        if let Some(note) = &command.note {
            transcript.push_str(&format!("{NOTE}{note}\n"));
        }
        for (place, line) in command.command.lines().enumerate() {
            let mark = if place == 0 { COMMAND } else { "> " };
            transcript.push_str(&format!("{mark}{line}\n"));
        }
        for line in lines {
            transcript.push_str(rules::port(&line, port).trim_end());
            transcript.push('\n');
        }
        if command.stays {
            staying.push(session);
        }
    }
    Ok(transcript)
}

/// A command that runs, with all that it started.
struct Session {
    child: Child,
    printed: Printed,
}

impl Session {
    fn start(command: &Detailed, programs: &Programs, port: u16) -> Result<Session> {
        let (reader, writer) = std::io::pipe()?;
        let typing = command.stays || !command.types.is_empty();
        let child = programs
            .shell(&command.command, port)
            .stdin(if typing { Stdio::piped() } else { Stdio::null() })
            .stdout(writer.try_clone()?)
            .stderr(writer)
            .process_group(0)
            .spawn()?;
        Ok(Session { child, printed: Printed::by(reader) })
    }

    /// The lines that were typed and printed, each behind its mark.
    fn play(&mut self, command: &Detailed) -> Result<Vec<String>> {
        let mut lines = Vec::new();
        let mut printed = 0;
        for typed in &command.types {
            let mut stdin = self.child.stdin.as_ref().context("it takes no input")?;
            writeln!(stdin, "{typed}")?;
            lines.push(format!("{TYPED}{typed}"));
            ensure!(self.printed.reaches(printed + 1, ANSWER), "no answer to `{typed}`");
            lines.push(self.line(printed));
            printed += 1;
        }
        if command.stays && command.types.is_empty() {
            ensure!(self.printed.reaches(1, ANSWER), "it prints nothing");
        }
        if !command.stays {
            drop(self.child.stdin.take());
            let ended = self.printed.ends(PATIENCE);
            ensure!(ended, "still running after {} s", PATIENCE.as_secs());
        }
        let text = rules::terminal(&self.printed.text());
        lines.extend(text.lines().skip(printed).map(|line| format!("{OUTPUT}{line}")));
        Ok(lines)
    }

    fn line(&self, number: usize) -> String {
        let text = rules::terminal(&self.printed.text());
        format!("{OUTPUT}{}", text.lines().nth(number).unwrap_or_default())
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        let _ = kill_process_group(Pid::from_child(&self.child), Signal::KILL);
        let _ = self.child.wait();
    }
}
