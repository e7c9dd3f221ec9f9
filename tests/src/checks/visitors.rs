//! Other people's clients: programs of the system that fetch from the server under test.

use std::ffi::OsString;
use std::os::unix::process::CommandExt;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use crate::evidence::failure::{Attempt, Failure};
use crate::scene::Scene;
use crate::system::captured::Captured;
use crate::system::group::Group;
use crate::system::tool::Tool;

/// What a program printed.
pub struct Visit {
    pub stdout: String,
    pub stderr: String,
}

/// A program of others takes its own time to start, however patient a check is.
const LEAST: Duration = Duration::from_secs(10);

/// Runs a program to its end, which has to come in time and be a success.
pub fn visit(
    tool: Tool,
    arguments: impl IntoIterator<Item = OsString>,
    patience: Duration,
) -> Attempt<Visit> {
    let mut child = Command::new(tool.program())
        .args(arguments)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .process_group(0)
        .spawn()
        .map_err(|error| Failure::own(&format!("run {tool}"), error))?;
    let group = Group::of(&child);
    let stdout = Captured::from(child.stdout.take());
    let stderr = Captured::from(child.stderr.take());
    let (start, patience) = (Instant::now(), patience.max(LEAST));
    let status = loop {
        match child.try_wait() {
            Ok(None) if start.elapsed() < patience => {
                stdout.wait_for_more(Duration::from_millis(10));
            }
            Ok(status) => break status,
            Err(_) => break None,
        }
    };
    group.stop();
    let _ = child.wait();
    for pipe in [&stdout, &stderr] {
        pipe.wait_for_the_end(Duration::from_secs(1));
    }
    let visit = Visit { stdout: stdout.text(), stderr: stderr.text() };
    match status {
        Some(status) if status.success() => Ok(visit),
        Some(status) => {
            let last = visit.stderr.lines().last().unwrap_or("nothing on stderr");
            let received = format!("{status}: {last}");
            Err(Failure::fact(format!("how {tool} ends"), "exit status: 0", received))
        }
        None => {
            Err(Failure::fact(format!("how {tool} ends"), "exit status: 0", "it hangs"))
        }
    }
}

/// Runs curl on the server under test: it asks for these targets.
pub(crate) fn curl(
    scene: &mut Scene,
    arguments: &[&str],
    targets: &[&str],
) -> Attempt<Visit> {
    let address = scene.start()?.address;
    let mut words: Vec<OsString> = ["-q", "--silent", "--show-error", "--noproxy", "*"]
        .iter()
        .chain(arguments)
        .map(OsString::from)
        .collect();
    for (number, target) in targets.iter().enumerate() {
        // Options such as --output are for one page.
        if number > 0 {
            words.extend(arguments.iter().take(2).map(OsString::from));
        }
        words.push(format!("http://{address}{target}").into());
    }
    visit(Tool::Curl, words, scene.patience)
}
