//! What a recording shows of the bytes themselves, also where amounts may differ from run to
//! run: every byte read was sent, every byte written was got, what a write leaves over comes
//! next, and what is sent of a file is in it.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::ops::Range;

use anyhow::{Context, Result, bail, ensure};
use book::build::root;
use book::record::action::Action;
use book::record::kept::{self, RECORDINGS};
use book::record::ledger::{Ledger, moved, wanted};
use book::record::place::{content, program};
use recording::{Asked, Call, Entry, Recording};

/// So much of a write is enough to know it again.
const BEGINNING: usize = 96;

/// What one client sent and got in the whole run, and how far the server is with it.
#[derive(Default)]
struct Talk {
    sent: Vec<u8>,
    /// As far as it is known: of each read, the beginning.
    got: Vec<Option<u8>>,
    /// Which of the bytes sent the last read gave.
    last: Range<usize>,
    /// What the last write was given and didn't take.
    left: usize,
    /// Where a body ends that has been begun and isn't copied, among the bytes that are got.
    body_end: Option<usize>,
}

/// The file that a descriptor is about, and what of it may be sent.
type Files = BTreeMap<i64, Vec<u8>>;

impl Talk {
    fn read(&mut self, call: &Call, before: usize) -> Result<()> {
        let Some(amount) = moved(call) else { return Ok(()) };
        let sent =
            self.sent.get(before..before + amount).context("more than was sent")?;
        ensure!(given(call) == sent, "it isn't what was sent");
        ensure!(wanted(call) >= Some(amount), "more than there is room for");
        self.last = before..before + amount;
        Ok(())
    }

    fn write(&mut self, call: &Call, data: &[u8], before: usize, step: u8) -> Result<()> {
        let (given, amount) = (data.len(), moved(call).unwrap_or(0));
        ensure!(amount <= given, "its amounts are off");
        let left = std::mem::replace(&mut self.left, given - amount);
        let echo = match step {
            // What the last write didn't take is lost.
            2 => Some(self.last.clone()),
            1 | 3 => Some(before..self.last.end),
            _ => None,
        };
        let got = self.got.iter().skip(before);
        let is_got = data.iter().take(amount).zip(got);
        let wrong = is_got.filter(|(byte, got)| got.is_some_and(|got| got != **byte));
        ensure!(wrong.count() == 0, "it isn't what was got");
        if let Some(range) = echo {
            let echo = self.sent.get(range).context("more than was read")?;
            ensure!(echo == data, "it isn't what was read");
            return Ok(());
        }
        ensure!(left == 0 || left == given, "{left} bytes are left");
        // Further on than what is known to be got, nothing is known.
        let whole = data;
        let data = undated(&data[..given.min(BEGINNING)]);
        let got: Vec<u8> = self.got.iter().map_while(|byte| *byte).collect();
        let is_known = left == 0 && before < got.len();
        ensure!(!is_known || undated(&got).contains(&data), "it isn't what was got");
        self.arrive(before + amount);
        // Behind a head that is sent with MSG_MORE comes what isn't copied, and of several parts
        // each has such a head of its own.
        let has_more = matches!(call.asked, Asked::SendTo { .. }) && self.left == 0;
        if has_more && self.body_end.is_none() {
            self.body_end = Some(body_end(whole, before).context("no body follows")?);
        }
        Ok(())
    }

    /// So much is sent now. Whether the body is whole?
    fn arrive(&mut self, sent: usize) {
        if self.body_end == Some(sent) {
            self.body_end = None;
        }
    }

    /// What `sendfile` sent: of the file from there, and what the client got.
    fn send_file(&mut self, call: &Call, before: usize, files: &Files) -> Result<()> {
        let Asked::SendFile { file, offset, count: wanted, .. } = call.asked else {
            bail!("it sends no file");
        };
        let (Some(amount), Some(from)) = (moved(call), offset) else { return Ok(()) };
        ensure!(amount <= wanted, "its amounts are off");
        let file = files.get(&file).context("no file is open there")?;
        let (from, to) = (from as usize, from as usize + amount);
        let sent = file.get(from..to).context("more than the file has")?;
        let got = self.got.iter().skip(before);
        let wrong =
            sent.iter().zip(got).filter(|(byte, got)| got.is_some_and(|it| it != **byte));
        ensure!(wrong.count() == 0, "it isn't what was got");
        let end = self.body_end.context("no head came before")?;
        ensure!(before + wanted <= end, "more than was promised");
        self.arrive(before + amount);
        Ok(())
    }

    /// What a `poll` asks about it.
    fn polled(&self, events: i64, step: u8) -> Result<()> {
        const POLLIN: i64 = 1;
        const POLLOUT: i64 = 4;
        let waits = step > 2 && (self.left > 0 || self.body_end.is_some());
        // From step 11 on a turn may be over before the next response has begun.
        let wanted =
            if waits || step > 10 && events == POLLOUT { POLLOUT } else { POLLIN };
        let Talk { left, body_end, .. } = self;
        ensure!(
            events == wanted,
            "{left} bytes are left and a body ends at {body_end:?}: it asks for {wanted}",
        );
        Ok(())
    }
}

/// Where the body ends whose head is sent from there on.
fn body_end(sent: &[u8], head: usize) -> Option<usize> {
    let length = sent.windows(4).position(|end| end == b"\r\n\r\n")? + 4;
    let text = str::from_utf8(&sent[..length]).ok()?;
    let (_, rest) = text.split_once("\r\nContent-Length: ")?;
    let body: usize = rest.split_once("\r\n")?.0.parse().ok()?;
    Some(head + length + body)
}

/// What a call was given by the kernel.
fn given(call: &Call) -> Cow<'_, [u8]> {
    let data = call.payload().and_then(|payload| payload.data.as_ref());
    data.map_or(b"".into(), |data| data.bytes())
}

/// A call about a file, which is as it was made.
fn about_a_file(recording: &Recording, call: &Call, files: &mut Files) -> Result<()> {
    let number = call.asked.descriptor();
    let file = number.and_then(|number| files.get(&number));
    match (&call.asked, file) {
        (Asked::OpenAt2 { path, .. }, _) => {
            let path = str::from_utf8(&path.0)?;
            let name = path.trim_start_matches("./");
            let target = recording.folder.get(name).and_then(|it| it.strip_prefix("-> "));
            let file = content(&recording.folder, target.unwrap_or(name));
            if let (Ok(file), Some(made)) = (file, call.made()) {
                files.insert(made, file);
            }
        }
        (Asked::Statx { .. }, Some(file)) => {
            let said = call.payload().and_then(|payload| payload.file.as_ref());
            let size = said.map(|said| said.size as usize);
            ensure!(size == Some(file.len()), "it isn't as long");
        }
        (Asked::Read { .. }, Some(file)) => {
            let amount = moved(call).context("it fails")?;
            ensure!(amount == file.len(), "it isn't the whole");
            ensure!(given(call) == *file, "it isn't what is in the file");
        }
        (Asked::Close { .. }, Some(_)) => {
            files.retain(|open, _| Some(*open) != number);
        }
        _ => {}
    }
    Ok(())
}

fn undated(bytes: &[u8]) -> String {
    let text = String::from_utf8_lossy(bytes);
    let mut pieces = text.split("\r\nDate: ");
    let first = pieces.next().unwrap_or_default().to_owned();
    let dated = pieces.map(|it| it.split_once(" GMT").map_or("", |(_, rest)| rest));
    dated.fold(first, |text, rest| text + "\r\nDate" + rest)
}

fn check(recording: &Recording) -> Result<()> {
    let step = program(&recording.server).trim_start_matches("step").parse()?;
    let mut names = Vec::new();
    let mut talks: BTreeMap<&str, Talk> = BTreeMap::new();
    for event in &recording.events {
        let Some(client) = event.client.as_deref() else { continue };
        if event.action.starts_with("connects") {
            names.push(client);
        }
        let talk = talks.entry(client).or_default();
        let data = Action::sent(event);
        let said = || format!("{client} {}", event.action);
        ensure!(data.len() >= event.sent, "{}: {} bytes", said(), event.sent);
        talk.sent.extend(&data[..event.sent]);
        if let Some(got) = &event.got {
            let known = got.text.bytes().map(Some);
            talk.got.extend(known.chain(std::iter::repeat(None)).take(got.bytes));
        }
    }
    let (mut ledger, mut files) = (Ledger::default(), Files::new());
    let calls = recording
        .events
        .iter()
        .flat_map(|event| event.calls.iter().map(move |call| (event, call)));
    for (event, call) in calls {
        let said = || format!("{}: {}", event.action, call.line());
        let account =
            ledger.about(call).map(|at| (names[at], ledger.accounts[at].clone()));
        match (&call.asked, account) {
            (Asked::Read { .. }, Some((client, account))) if call.answer.is_some() => {
                let talk = talks.get_mut(client).context("nobody")?;
                talk.read(call, account.read).with_context(said)?;
            }
            (
                Asked::Write { data, .. } | Asked::SendTo { data, .. },
                Some((client, account)),
            ) if call.answer.is_some() => {
                let talk = talks.get_mut(client).context("nobody")?;
                talk.write(call, &data.0, account.written, step).with_context(said)?;
            }
            (Asked::SendFile { .. }, Some((client, account))) => {
                let talk = talks.get_mut(client).context("nobody")?;
                talk.send_file(call, account.written, &files).with_context(said)?;
            }
            (Asked::Poll { entries, .. }, _) => {
                for Entry { fd, events } in entries {
                    let at = ledger.connection(*fd);
                    if let Some(talk) = at.and_then(|at| talks.get(names[at])) {
                        talk.polled(*events, step).with_context(said)?;
                    }
                }
            }
            _ => about_a_file(recording, call, &mut files).with_context(said)?,
        }
        ledger.enter(call);
    }
    Ok(())
}

#[test]
fn what_is_read_was_sent_and_what_is_written_is_got() {
    let folder = root().join(RECORDINGS);
    let mut faults = Vec::new();
    for entry in std::fs::read_dir(&folder).unwrap() {
        let path = entry.unwrap().path();
        let Some(name) = path.file_name().and_then(|it| it.to_str()) else { continue };
        let Some(name) = name.strip_suffix(".json") else { continue };
        let checked = kept::replay(&folder, name).and_then(|recording| check(&recording));
        faults.extend(
            checked.err().map(|fault| format!("recordings/{name}.json: {fault:#}")),
        );
    }
    assert!(faults.is_empty(), "\n{}\n", faults.join("\n"));
}
