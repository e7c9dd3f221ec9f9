//! A failed run in words.

use std::fmt::{self, Write};

use recording::Call;
use recording::hostile::{Account, Act, Client, Fate, Injected};

use super::answers::Wrong;
use super::judge::Complaint;
use super::trial::{Ending, Trial};
use crate::evidence::failure::parting;
use crate::evidence::text::{amount, quoted};
use crate::kernel::Lines;

/// How much of the bytes before and behind a difference is shown.
const BEFORE: usize = 24;
const AFTER: usize = 40;
/// How many faults are shown, the last ones.
const FAULTS: usize = 12;
/// How many calls are.
const CALLS: usize = 20;
const STDERR: usize = 20;

impl Trial<'_> {
    /// What went wrong with this seed, and how to see it again.
    pub fn words(&self, seed: u64, complaint: &Complaint, ending: &Ending) -> String {
        let mut text = String::new();
        let _ = self.tell(&mut text, seed, complaint, ending);
        text
    }

    fn tell(
        &self,
        text: &mut String,
        seed: u64,
        complaint: &Complaint,
        ending: &Ending,
    ) -> fmt::Result {
        writeln!(text, "✗ seed {seed}\n  {}\n", complaint.sentence)?;
        let plan = self.plan(seed);
        for client in &plan.script.clients {
            match &complaint.client {
                Some(name) if *name == client.name => {
                    writeln!(text, "    {}", story(client))?;
                }
                Some(_) => {}
                None => {
                    writeln!(text, "    {}: {} acts", client.name, client.acts.len())?
                }
            }
        }
        if let Some(wrong) = &complaint.wrong {
            parted(text, wrong)?;
        }
        let Some(account) = &ending.account else { return Ok(()) };
        faults(text, complaint.client.as_deref(), account)?;
        if account.outcome == Fate::Ended {
            writeln!(text, "\n  It ended with {}, and said:", ending.status)?;
            let lines: Vec<&str> = ending.stderr.trim_end().lines().collect();
            for line in &lines[lines.len().saturating_sub(STDERR)..] {
                writeln!(text, "    {line}")?;
            }
        }
        let lines = account.program.as_deref().map(Lines::of);
        writeln!(text, "\n  The last of {} calls:", account.calls)?;
        for witnessed in &account.last[account.last.len().saturating_sub(CALLS)..] {
            let at =
                lines.as_ref().map_or(Vec::new(), |lines| lines.at(&witnessed.stack));
            call(text, &witnessed.call, &at)?;
        }
        let words = self.program.command.iter();
        let words: Vec<_> = words.map(|word| word.display().to_string()).collect();
        let folder = self.program.folder.as_ref().filter(|_| self.served.is_some());
        let folder =
            folder.map_or(String::new(), |it| format!(" --folder {}", it.display()));
        writeln!(
            text,
            "\n  Again: check {} --seed {seed}{folder} -- {}",
            self.step,
            words.join(" ")
        )
    }
}

/// `A connects; sends 5 bytes "hello"; waits 3 ms; half-closes`.
fn story(client: &Client) -> String {
    let acts = client.acts.iter().map(|act| match act {
        Act::Connect => "connects".to_string(),
        Act::Send(data) => {
            let start = &data.0[..data.0.len().min(AFTER)];
            let dots = if start.len() < data.0.len() { "…" } else { "" };
            format!("sends {}: {}{dots}", amount(data.0.len()), quoted(start))
        }
        Act::Rest => "waits until all is at rest".to_string(),
        Act::Wait(time) => format!("waits {time} ms"),
        Act::StopReading => "stops reading".to_string(),
        Act::ReadSlowly { bytes, pause } => {
            format!("reads {bytes} bytes every {pause} ms")
        }
        Act::Read => "reads everything".to_string(),
        Act::HalfClose => "half-closes".to_string(),
        Act::Close => "closes".to_string(),
        Act::Reset => "resets".to_string(),
    });
    let acts: Vec<String> = acts.collect();
    format!("{} {}", client.name, acts.join(";\n      "))
}

fn parted(text: &mut String, wrong: &Wrong) -> fmt::Result {
    match wrong {
        Wrong::Fact { what, expected, received } => {
            writeln!(text, "\n  {what}\n  expected  {expected}\n  received  {received}")
        }
        Wrong::Bytes { expected, received } => {
            let at = parting(expected, received);
            let around = |bytes: &[u8]| {
                let from = at.saturating_sub(BEFORE);
                let to = bytes.len().min(at + AFTER);
                quoted(&bytes[from.min(to)..to])
            };
            let due = match expected.is_empty() {
                true => "nothing more".to_string(),
                false => format!("{} of {}", around(expected), amount(expected.len())),
            };
            let came = format!("{} of {}", around(received), amount(received.len()));
            let part = format!("They part after {}.", amount(at));
            writeln!(text, "\n  expected  {due}\n  received  {came}\n  {part}")
        }
    }
}

fn faults(text: &mut String, client: Option<&str>, account: &Account) -> fmt::Result {
    let concerns = |it: &&Injected| {
        client.is_none() || it.client.is_none() || it.client.as_deref() == client
    };
    let faults: Vec<&Injected> = account.injected.iter().filter(concerns).collect();
    if faults.is_empty() {
        return writeln!(text, "\n  The kernel made no fault that concerns it.");
    }
    let first = faults.len().saturating_sub(FAULTS);
    let before = if first > 0 { " the last of what" } else { " what" };
    writeln!(text, "\n  This is{before} the kernel did, by the numbers of the calls:")?;
    for Injected { call, client, what, .. } in &faults[first..] {
        let client = client.as_ref().map_or(String::new(), |it| format!(" ({it})"));
        writeln!(text, "    {call:>6}  {what}{client}")?;
    }
    Ok(())
}

fn call(text: &mut String, call: &Call, at: &[String]) -> fmt::Result {
    writeln!(text, "    {}", call.line())?;
    match at {
        [] => Ok(()),
        [only] => writeln!(text, "        {only}"),
        [inner, outer, ..] => writeln!(text, "        {inner}, called at {outer}"),
    }
}
