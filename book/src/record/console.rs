//! Commands in a terminal, run for real.

use std::time::Duration;

use anyhow::{Context, Result, ensure};
use recording::Recording;

use super::kept::{COMMAND, CONTINUED, NOTE, OUTPUT, TYPED};
use super::place::{self, SHOWN};
use super::plan::{Console, Detailed};
use super::programs::Programs;
use super::rules;
use super::session::{ANSWER, Session};
use super::watch::Watch;

/// For a whole command: some checks wait in vain for a while.
const PATIENCE: Duration = Duration::from_secs(180);

/// The transcript, lines that start with one of the marks of [`super::kept`]. The servers are
/// watched if that is wanted: what they did comes with it.
pub fn perform(
    console: &Console,
    programs: &Programs,
    watched: bool,
) -> Result<(String, Vec<Recording>)> {
    let claimed = place::port()?;
    let port = claimed.number;
    let place = match &console.stage {
        Some(stage) => programs.place_of_stage(stage, &console.folder)?,
        None => programs.place(&console.folder)?,
    };
    let watch = console.recorded_server().filter(|_| watched);
    let watch = watch.map(|server| Watch::new(console, server, &place, programs, port));
    let watch = watch.transpose()?;
    // A server that is watched is told the port that is shown, and gets another.
    let told = if watch.is_some() { SHOWN.to_string() } else { port.to_string() };
    let mut server = None;
    if let Some(name) = &console.server {
        server = Some(Session::serving(&mut place.server(name, &told)?)?);
    }
    let mut transcript = String::new();
    let mut staying = Vec::new();
    for command in &console.run {
        let command = command.detailed();
        let said = || format!("`{}`", command.command);
        let typing = command.stays || !command.types.is_empty();
        let mut shell = place.shell(&console.line(&command), port);
        shell.env("LANDER_PORT", &told);
        let mut session = Session::start(&mut shell, typing).with_context(said)?;
        let lines = play(&mut session, &command).with_context(said)?;
        transcript.push_str(&shown(&command));
        for line in lines {
            transcript.push_str(rules::port(&line, port).trim_end());
            transcript.push('\n');
        }
        if command.stays {
            staying.push(session);
        }
    }
    // All are ended with this.
    drop((staying, server));
    let recordings = watch.map(|watch| watch.recordings()).transpose()?;
    Ok((transcript, recordings.unwrap_or_default()))
}

/// A command as it stands above what it printed.
pub fn shown(command: &Detailed) -> String {
    let note = command.note.iter().map(|note| format!("{NOTE}{note}\n"));
    let lines = command.command.lines().enumerate().map(|(place, line)| {
        let mark = if place == 0 { COMMAND } else { CONTINUED };
        format!("{mark}{line}\n")
    });
    note.chain(lines).collect()
}

/// The lines that were typed and printed, each behind its mark.
fn play(session: &mut Session, command: &Detailed) -> Result<Vec<String>> {
    let mut lines = Vec::new();
    let mut printed = 0;
    for typed in &command.types {
        session.enter(typed)?;
        lines.push(format!("{TYPED}{typed}"));
        ensure!(
            session.printed.wait_for_lines(printed + 1, ANSWER),
            "no answer to `{typed}`"
        );
        let text = rules::terminal(&session.printed.text());
        lines.push(format!("{OUTPUT}{}", text.lines().nth(printed).unwrap_or_default()));
        printed += 1;
    }
    if command.stays && command.types.is_empty() {
        ensure!(session.printed.wait_for_lines(1, ANSWER), "it prints nothing");
    }
    if !command.stays {
        session.end_input();
        let ended = session.printed.wait_for_the_end(PATIENCE);
        ensure!(ended, "still running after {} s", PATIENCE.as_secs());
    }
    let text = rules::terminal(&session.printed.text());
    lines.extend(text.lines().skip(printed).map(|line| format!("{OUTPUT}{line}")));
    Ok(lines)
}
