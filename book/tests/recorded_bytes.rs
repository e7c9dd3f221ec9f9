//! What a recording shows of the bytes themselves, also where amounts may differ from run to
//! run: every byte read was sent, every byte written was got, what a write leaves over comes
//! next, and what is sent of a file is in it.

use std::collections::BTreeMap;
use std::ops::Range;

use anyhow::{Context, Result, bail, ensure};
use book::build::root;
use book::record::facts::{Call, Facts};
use book::record::kept::{self, RECORDINGS};
use book::record::ledger::Ledger;
use book::record::place::content;
use book::replay::quoted;

/// How much of the data of a call is recorded: `strace -s`.
const SHOWN: usize = 96;

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
    /// Where a file ends that has been begun, among the bytes that are got.
    file_end: Option<usize>,
}

/// The file that a descriptor is about, and what of it may be sent.
type Files = BTreeMap<u32, Vec<u8>>;

impl Talk {
    fn read(&mut self, call: &Call, before: usize) -> Result<()> {
        let Some(amount) = taken(call) else { return Ok(()) };
        let sent =
            self.sent.get(before..before + amount).context("more than was sent")?;
        let shown = &sent[..amount.min(SHOWN)];
        ensure!(quoted(&call.args) == shown, "it isn't what was sent");
        let room = wanted(call)?;
        ensure!(room >= amount, "more than there is room for");
        self.last = before..before + amount;
        Ok(())
    }

    fn write(&mut self, call: &Call, before: usize, step: u8) -> Result<()> {
        let (data, given) = (quoted(&call.args), wanted(call)?);
        let amount = taken(call).unwrap_or(0);
        ensure!(data.len() == given.min(SHOWN) && amount <= given, "its amounts are off");
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
            let is_echo = given == echo.len() && echo.starts_with(&data);
            ensure!(is_echo, "it isn't what was read");
            return Ok(());
        }
        ensure!(left == 0 || left == given, "{left} bytes are left");
        // Further on than what is known to be got, it must have been seen before. Of a client
        // that never reads nothing is known.
        let data = undated(&data);
        let got: Vec<u8> = self.got.iter().map_while(|byte| *byte).collect();
        let is_known = left == 0 && !got.is_empty();
        ensure!(!is_known || undated(&got).contains(&data), "it isn't what was got");
        if call.name == "sendto" && self.left == 0 {
            self.file_end = Some(self.body_end(before).context("no file follows")?);
        }
        Ok(())
    }

    /// Where the body ends whose head begins there, as far as that was got.
    fn body_end(&self, head: usize) -> Option<usize> {
        let got: Vec<u8> = self.got.get(head..)?.iter().map_while(|byte| *byte).collect();
        let length = got.windows(4).position(|end| end == b"\r\n\r\n")? + 4;
        let text = str::from_utf8(&got[..length]).ok()?;
        let (_, rest) = text.split_once("\r\nContent-Length: ")?;
        let body: usize = rest.split_once("\r\n")?.0.parse().ok()?;
        Some(head + length + body)
    }

    /// What `sendfile` sent: of the file from there, and what the client got.
    fn send_file(&mut self, call: &Call, before: usize, files: &Files) -> Result<()> {
        let (Some(amount), wanted) = (taken(call), wanted(call)?) else { return Ok(()) };
        let arguments = call.args.replace(['[', ']'], "").replace(" => ", ", ");
        let numbers: Vec<usize> =
            arguments.split(", ").map_while(|it| it.parse().ok()).collect();
        let [_, file, from, to, _] = numbers[..] else { bail!("its arguments are off") };
        ensure!(amount <= wanted && to == from + amount, "its amounts are off");
        let file = files.get(&(file as u32)).context("no file is open there")?;
        let sent = file.get(from..to).context("more than the file has")?;
        let got = self.got.iter().skip(before);
        let wrong =
            sent.iter().zip(got).filter(|(byte, got)| got.is_some_and(|it| it != **byte));
        ensure!(wrong.count() == 0, "it isn't what was got");
        let end = self.file_end.context("no head came before")?;
        ensure!(before + wanted <= end, "more than was promised");
        if before + amount == end {
            self.file_end = None;
        }
        Ok(())
    }

    /// What a `poll` asks about it.
    fn polled(&self, events: &str, step: u8) -> Result<()> {
        let waits = step > 2 && (self.left > 0 || self.file_end.is_some());
        let wanted = if waits { "POLLOUT" } else { "POLLIN" };
        let Talk { left, file_end, .. } = self;
        ensure!(
            events == wanted,
            "{left} bytes are left and a file ends at {file_end:?}: it asks for {wanted}",
        );
        Ok(())
    }
}

/// What a call read or wrote, if it did.
fn taken(call: &Call) -> Option<usize> {
    call.number().and_then(|it| it.try_into().ok())
}

fn wanted(call: &Call) -> Result<usize> {
    call.wanted().with_context(|| format!("`{}` has no amount", call.args))
}

/// A call about a file, which is as it was made.
fn about_a_file(facts: &Facts, call: &Call, files: &mut Files) -> Result<()> {
    let number = call.descriptor();
    let file = number.and_then(|number| files.get(&number));
    match (call.name.as_str(), file) {
        ("openat2", _) if call.made().is_some() => {
            let path = call.args.split('"').nth(1).context("no path")?;
            let file = content(&facts.folder, path.trim_start_matches("./"));
            if let (Ok(file), Some(made)) = (file, call.made()) {
                files.insert(made, file);
            }
        }
        ("statx", Some(file)) => {
            let size = format!("stx_size={},", file.len());
            ensure!(call.args.contains(&size), "it isn't as long");
        }
        ("read", Some(file)) => {
            let amount = taken(call).context("it fails")?;
            let start = &file[..amount.min(SHOWN)];
            ensure!(amount == file.len(), "it isn't the whole");
            ensure!(quoted(&call.args) == start, "it isn't what is in the file");
        }
        ("close", Some(_)) => {
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

fn check(facts: &Facts) -> Result<()> {
    let step = facts.server.trim_start_matches("step").parse()?;
    let mut names = Vec::new();
    let mut talks: BTreeMap<&str, Talk> = BTreeMap::new();
    for event in &facts.events {
        let Some(client) = event.client.as_deref() else { continue };
        if event.action.starts_with("connects") {
            names.push(client);
        }
        let talk = talks.entry(client).or_default();
        let data = event.data();
        let said = || format!("{client} {}", event.action);
        ensure!(data.len() >= event.sent, "{}: {} bytes", said(), event.sent);
        talk.sent.extend(&data[..event.sent]);
        if let Some(got) = &event.got {
            let known = got.text.bytes().map(Some);
            talk.got.extend(known.chain(std::iter::repeat(None)).take(got.bytes));
        }
    }
    let (mut ledger, mut files) = (Ledger::default(), Files::new());
    for (event, call) in facts
        .events
        .iter()
        .flat_map(|event| event.calls.iter().map(move |it| (event, it)))
    {
        let said = || {
            format!("{}: {}({}) = {:?}", event.action, call.name, call.args, call.result)
        };
        let account =
            ledger.about(call).map(|at| (names[at], ledger.accounts[at].clone()));
        match (call.name.as_str(), account) {
            ("read", Some((client, account))) if call.result.is_some() => {
                let talk = talks.get_mut(client).context("nobody")?;
                talk.read(call, account.read).with_context(said)?;
            }
            ("write" | "sendto", Some((client, account))) if call.result.is_some() => {
                let talk = talks.get_mut(client).context("nobody")?;
                talk.write(call, account.written, step).with_context(said)?;
            }
            ("sendfile", Some((client, account))) => {
                let talk = talks.get_mut(client).context("nobody")?;
                talk.send_file(call, account.written, &files).with_context(said)?;
            }
            ("poll", _) => {
                for entry in call.args.split("{fd=").skip(1) {
                    let (number, rest) =
                        entry.split_once(", events=").context("no entry")?;
                    let at = number.parse().ok().and_then(|it| ledger.connection(it));
                    let Some(talk) = at.and_then(|at| talks.get(names[at])) else {
                        continue;
                    };
                    let events = rest.split('}').next().unwrap_or_default();
                    talk.polled(events, step).with_context(said)?;
                }
            }
            _ => about_a_file(facts, call, &mut files).with_context(said)?,
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
        let checked = kept::replay(&folder, name).and_then(|facts| check(&facts));
        faults.extend(
            checked.err().map(|fault| format!("recordings/{name}.json: {fault:#}")),
        );
    }
    assert!(faults.is_empty(), "\n{}\n", faults.join("\n"));
}
