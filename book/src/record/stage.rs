//! A server under `strace` and its clients, one action at a time: after each, until the
//! server sleeps and every byte is where it stays.

use std::ffi::OsString;
use std::fs;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, anyhow, bail, ensure};
use checks::server::{Program, Server};
use checks::trace;
use rustix::process::{Pid, Signal, kill_process};
use tempfile::TempDir;

use super::action::{Action, Verb};
use super::client::{Client, Received};
use super::facts::{Call, Connection, Event, Facts, Got};
use super::kernel::{Sockets, sleeps};
use super::ledger::{Account, Ledger};
use super::plan::Replay;
use super::programs::Programs;
use super::rules;
use super::timeline::{Moment, facts};

/// For anything to come to rest.
const PATIENCE: Duration = Duration::from_secs(30);
/// Nothing changes for this long: it rests, if nothing is on its way.
const REST: Duration = Duration::from_millis(60);
/// Nothing changes for this long: what is still on its way is held up by a full buffer.
const HELD_UP: Duration = Duration::from_millis(500);
const GLANCE: Duration = Duration::from_millis(4);

pub struct Stage {
    server: Server,
    log: TempDir,
    clients: Vec<Client>,
}

pub fn perform(replay: &Replay, programs: &Programs) -> Result<Facts> {
    let mut stage = Stage::open(replay, programs)?;
    let mut moments = vec![stage.rest().context("the server doesn't come to rest")?];
    for line in &replay.actions {
        let action = Action::parse(line)?;
        moments.push(stage.act(&action).with_context(|| format!("`{line}`"))?);
    }
    let calls = stage.close()?;
    Ok(facts(replay, moments, &calls))
}

impl Stage {
    fn open(replay: &Replay, programs: &Programs) -> Result<Stage> {
        let log = tempfile::tempdir()?;
        let tracer = ["strace", "-f", "-qq", "-s", "96", "-o"].map(OsString::from);
        let file = log.path().join("log").into_os_string();
        let tracer: Vec<OsString> = tracer.into_iter().chain([file, "--".into()]).collect();
        let program = Program::new([programs.path(&replay.server)?]).under(&tracer);
        let server = Server::start(&program, true, PATIENCE);
        let server = server.map_err(|_| anyhow!("{} doesn't start", replay.server))?;
        Ok(Stage { server, log, clients: Vec::new() })
    }

    fn act(&mut self, action: &Action) -> Result<Moment> {
        if let Verb::Connect { small_buffers } = action.verb {
            let taken = self.clients.iter().any(|client| client.name == action.client);
            ensure!(!taken, "{} is connected already", action.client);
            let address = self.server.address;
            self.clients.push(Client::connect(&action.client, address, small_buffers)?);
            return Ok(Moment { event: event(action), ..self.rest()? });
        }
        let mut got = None;
        let client = self.client(&action.client)?;
        let before = client.sent;
        match &action.verb {
            Verb::Send(bytes) => client.send(bytes, true)?,
            Verb::SendUntilRefused(bytes) => client.send(bytes, false)?,
            Verb::Read => got = Some(client.receive()),
            Verb::ReadEverything => got = Some(self.read_everything(&action.client)?),
            Verb::HalfClose => client.half_close(),
            Verb::Close | Verb::Reset => client.close(action.verb == Verb::Reset),
            Verb::Connect { .. } | Verb::Stall => {}
        }
        let sent = self.client(&action.client)?.sent - before;
        let moment = self.rest()?;
        let event = Event { sent, got: got.map(Got::from), ..event(action) };
        Ok(Moment { event, ..moment })
    }

    fn client(&mut self, name: &str) -> Result<&mut Client> {
        let mut all = self.clients.iter_mut();
        all.find(|client| client.name == name).with_context(|| format!("{name} isn't connected"))
    }

    fn read_everything(&mut self, name: &str) -> Result<Received> {
        let mut all = Received::default();
        loop {
            let more = self.client(name)?.receive();
            let nothing = more.bytes.is_empty();
            all.bytes.extend(more.bytes);
            all.end = more.end;
            if nothing || all.end.is_some() {
                return Ok(all);
            }
            self.rest()?;
        }
    }

    /// Waits until the server sleeps and nothing moves.
    fn rest(&mut self) -> Result<Moment> {
        let start = Instant::now();
        let (mut last, mut since) = (None, Instant::now());
        loop {
            let log = fs::read(self.log.path().join("log")).unwrap_or_default();
            let sockets = Sockets::now(self.server.address.port())?;
            let now = Some((log.len(), sockets));
            let still = last.is_some() && last == now;
            last = now;
            if !still || self.runs(&log) {
                since = Instant::now();
            } else if since.elapsed() > REST {
                let (_, sockets) = last.clone().unwrap_or_default();
                let calls = calls(&log);
                let on_the_way = self.on_the_way(&Ledger::of(&calls), &sockets);
                if !on_the_way || since.elapsed() > HELD_UP {
                    let connections = self.connections(&Ledger::of(&calls), &sockets);
                    let event = Event {
                        client: None,
                        action: "starts".into(),
                        sent: 0,
                        got: None,
                        calls: Vec::new(),
                        connections,
                    };
                    return Ok(Moment { event, complete: calls.len() });
                }
            }
            if let Some(status) = self.server.exit_status() {
                bail!("the server ended: {status}");
            }
            ensure!(start.elapsed() < PATIENCE, "the server doesn't come to rest");
            std::thread::sleep(GLANCE);
        }
    }

    fn runs(&self, log: &[u8]) -> bool {
        !process(log).is_some_and(sleeps)
    }

    /// Whether bytes, a connection or an end left one side and didn't reach the other.
    fn on_the_way(&self, ledger: &Ledger, sockets: &Sockets) -> bool {
        self.clients.iter().enumerate().any(|(index, client)| {
            let account = ledger.accounts.get(index).cloned().unwrap_or_default();
            let there = sockets.servers.get(&client.port);
            if there.is_none() && !account.closed {
                return true;
            }
            let connection = connection(client, &account, sockets);
            let unannounced = there.is_some_and(|end| end.established && client.finished);
            let here = sockets.clients.get(&client.port);
            let unheard = here.is_some_and(|end| end.established && account.closed);
            let moving = connection.to_server[0] + connection.to_client[0] > 0;
            moving || unannounced || unheard
        })
    }

    fn connections(&self, ledger: &Ledger, sockets: &Sockets) -> Vec<Connection> {
        let clients = self.clients.iter().enumerate();
        let all = clients.map(|(index, client)| {
            let account = ledger.accounts.get(index).cloned().unwrap_or_default();
            connection(client, &account, sockets)
        });
        all.collect()
    }

    /// Ends the server, so that the trace has the call it was in.
    fn close(mut self) -> Result<Vec<Call>> {
        let file = self.log.path().join("log");
        let process = process(&fs::read(&file)?).context("the trace is empty")?;
        let pid = Pid::from_raw(process as i32).context("the trace has no process")?;
        kill_process(pid, Signal::KILL)?;
        let exit = self.server.exit_within(PATIENCE);
        ensure!(exit.is_some(), "the server can't be ended");
        Ok(calls(&fs::read(&file)?))
    }
}

fn event(action: &Action) -> Event {
    Event {
        client: Some(action.client.clone()),
        action: action.text.clone(),
        sent: 0,
        got: None,
        calls: Vec::new(),
        connections: Vec::new(),
    }
}

/// What was sent and not read, by where the kernel has it.
fn connection(client: &Client, account: &Account, sockets: &Sockets) -> Connection {
    let there = sockets.servers.get(&client.port).map_or(0, |end| end.unread);
    let here = sockets.clients.get(&client.port).map_or(0, |end| end.unread);
    let to_server = match account.closed {
        true => [0, 0],
        false => [client.sent.saturating_sub(account.read + there), there],
    };
    let to_client = match client.is_open() {
        true => [account.written.saturating_sub(client.read + here), here],
        false => [0, 0],
    };
    Connection { client: client.name.clone(), to_server, to_client }
}

fn process(log: &[u8]) -> Option<u32> {
    let digits = log.iter().take_while(|byte| byte.is_ascii_digit()).count();
    str::from_utf8(&log[..digits]).ok()?.parse().ok()
}

/// All calls of the trace, without those for memory.
fn calls(log: &[u8]) -> Vec<Call> {
    let calls = trace::parse(&String::from_utf8_lossy(log)).into_iter();
    let kept = calls.filter(|call| !rules::MEMORY.contains(&call.name.as_str()));
    let call = |call: trace::Call| {
        let result = Some(call.result.trim().to_string());
        let result = result.filter(|it| !it.is_empty() && it != "?");
        Call { name: call.name, args: call.args.trim().to_string(), result }
    };
    kept.map(call).collect()
}

impl From<Received> for Got {
    fn from(received: Received) -> Got {
        const SHOWN: usize = 4096;
        let shown = &received.bytes[..received.bytes.len().min(SHOWN)];
        Got {
            bytes: received.bytes.len(),
            text: String::from_utf8_lossy(shown).into_owned(),
            end: received.end.map(str::to_string),
        }
    }
}
