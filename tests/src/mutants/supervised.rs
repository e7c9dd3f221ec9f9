//! A command whose lines are read as they come, and which ends in time or is ended.

use std::io::{self, BufRead, BufReader, Read};
use std::ops::ControlFlow;
use std::os::unix::process::CommandExt;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::{self, RecvTimeoutError, Sender};
use std::thread;
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process};

use crate::system::group::Group;

/// How a command ended.
#[derive(Debug, PartialEq)]
pub enum Ending<T> {
    /// With this status.
    Exit(ExitStatus),
    /// It was ended: a line said enough.
    Enough(T),
    /// It was ended: it took too long.
    TooLong,
}

/// How long it has to end its own children when it is asked to end.
const GRACE: Duration = Duration::from_secs(10);

/// Runs the command in a process group of its own, with its stdout and stderr as one stream of
/// lines, until `hear` has heard enough or `limit` is over. Whatever remains of the group then
/// is killed.
pub fn run<T>(
    command: &mut Command,
    limit: Duration,
    mut hear: impl FnMut(&str) -> ControlFlow<T>,
) -> io::Result<Ending<T>> {
    let start = Instant::now();
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.process_group(0).spawn()?;
    let group = Group::of(&child);
    let (sender, lines) = mpsc::channel();
    pass_on(child.stdout.take(), sender.clone());
    pass_on(child.stderr.take(), sender);
    let early = loop {
        match lines.recv_timeout(limit.saturating_sub(start.elapsed())) {
            Ok(line) => {
                if let ControlFlow::Break(heard) = hear(&line) {
                    break Some(Ending::Enough(heard));
                }
            }
            Err(RecvTimeoutError::Timeout) => break Some(Ending::TooLong),
            Err(RecvTimeoutError::Disconnected) => break None,
        }
    };
    let rest = limit.saturating_sub(start.elapsed());
    let ending = match early {
        Some(ending) => ending,
        None => exit_within(&mut child, rest)?.map_or(Ending::TooLong, Ending::Exit),
    };
    if !matches!(ending, Ending::Exit(_)) {
        let _ = kill_process(Pid::from_child(&child), Signal::TERM);
        exit_within(&mut child, GRACE)?;
    }
    group.stop();
    child.wait()?;
    Ok(ending)
}

fn pass_on(pipe: Option<impl Read + Send + 'static>, lines: Sender<String>) {
    let Some(pipe) = pipe else { return };
    thread::spawn(move || {
        for line in BufReader::new(pipe).split(b'\n').map_while(Result::ok) {
            if lines.send(String::from_utf8_lossy(&line).into()).is_err() {
                return;
            }
        }
    });
}

/// Its pipes are closed, or it was asked to end, so that this takes no time to speak of.
fn exit_within(child: &mut Child, limit: Duration) -> io::Result<Option<ExitStatus>> {
    let start = Instant::now();
    loop {
        match child.try_wait()? {
            None if start.elapsed() < limit => thread::sleep(Duration::from_millis(5)),
            status => return Ok(status),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LONG: Duration = Duration::from_secs(60);

    fn shell(script: &str, limit: Duration) -> Ending<String> {
        let hear = |line: &str| match line.strip_prefix("enough: ") {
            Some(word) => ControlFlow::Break(word.to_string()),
            None => ControlFlow::Continue(()),
        };
        run(Command::new("sh").args(["-c", script]), limit, hear).unwrap()
    }

    #[test]
    fn a_command_ends_by_itself_or_by_what_it_says_or_in_time() {
        let Ending::Exit(status) = shell("echo words; exit 3", LONG) else {
            panic!("it exits");
        };
        assert_eq!(status.code(), Some(3));
        let said = shell("echo enough: said >&2; sleep 1000", LONG);
        assert_eq!(said, Ending::Enough("said".into()));
        assert_eq!(shell("sleep 1000", Duration::from_millis(50)), Ending::TooLong);
        assert_eq!(
            shell("sleep 1000 & exit", Duration::from_millis(500)),
            Ending::TooLong
        );
    }
}
