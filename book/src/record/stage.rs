//! A server under the preloaded kernel and its clients, one action at a time: after each, until the
//! server sleeps and every byte is where it stays.

use std::fs;
use std::net::Ipv4Addr;
use std::path::PathBuf;
use std::rc::Rc;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail, ensure};
use checks::client::Peer;
use checks::client::dialect::Dialect;
use checks::kernel::{Lines, Log};
use checks::system::patience::PATIENT;
use checks::system::port::Port;
use checks::system::sockets::End;
use recording::{Connection, Orders, Recording};
use tempfile::TempDir;

use super::action::{Action, ETAG, Verb};
use super::client::{Client, Received};
use super::ledger::{Account, Ledger};
use super::place::{self, Place, SHOWN};
use super::plan::Replay;
use super::programs::Programs;
use super::session::Session;
use super::timeline::{Moment, recording};

/// For anything to come to rest.
const PATIENCE: Duration = Duration::from_secs(30);
/// Nothing changes for this long: it rests, if nothing is on its way.
const REST: Duration = Duration::from_millis(60);
/// Nothing changes for this long: what is still on its way is held up by a full buffer.
const HELD_UP: Duration = Duration::from_millis(500);
/// A wait of so many milliseconds is no rest: the server will do something when it is over.
const SOON: i64 = 1000;
const GLANCE: Duration = Duration::from_millis(4);

pub struct Stage {
    server: Session,
    program: PathBuf,
    port: Port,
    log: TempDir,
    /// What it held when it was this long.
    read: (u64, Rc<Log>),
    clients: Vec<Client>,
    _place: Place,
}

pub fn perform(replay: &Replay, programs: &Programs) -> Result<Recording> {
    let mut stage = Stage::open(replay, programs)?;
    let mut moments = vec![stage.rest().context("the server doesn't come to rest")?];
    for line in &replay.actions {
        let line = stage.dated(line);
        let action = Action::parse(&line)?;
        moments.push(stage.act(&action).with_context(|| format!("`{line}`"))?);
    }
    let log = stage.log()?;
    Ok(recording(replay, moments, &log, &Lines::of(&stage.program)))
}

impl Stage {
    /// The server is told the port that is shown, and gets a free one.
    fn open(replay: &Replay, programs: &Programs) -> Result<Stage> {
        let log = tempfile::tempdir()?;
        let (port, place) = (place::port()?, programs.place(&replay.folder)?);
        let mut command = place.server(&replay.server, SHOWN)?;
        let shown = SHOWN.parse()?;
        let log_file = log.path().join("log");
        let orders = Orders::Record { log: log_file, shown, port: port.number };
        programs.library.preload(&mut command, &orders);
        let server = Session::serving(&mut command)?;
        let program = place.program(&replay.server);
        let read = (0, Rc::default());
        Ok(Stage { server, program, port, log, read, clients: Vec::new(), _place: place })
    }

    /// The line of an action with the version that its client was told last.
    fn dated(&self, line: &str) -> String {
        let client = self.clients.iter().find(|client| line.starts_with(&client.name));
        let etag = client.map_or("", |client| &client.etag);
        line.replace(ETAG, &etag.replace('"', "\\\""))
    }

    fn act(&mut self, action: &Action) -> Result<Moment> {
        if let Verb::Connect { small_buffers } = action.verb {
            let taken = self.clients.iter().any(|client| client.name == action.client);
            ensure!(!taken, "{} is connected already", action.client);
            let peer = Peer {
                address: (Ipv4Addr::LOCALHOST, self.port.number).into(),
                process: self.server.process(),
                dialect: Dialect::Echo,
                patience: PATIENT,
            };
            self.clients.push(Client::connect(&action.client, peer, small_buffers)?);
            return self.rest().map(|moment| moment.after(action));
        }
        let mut got = None;
        let client = self.client(&action.client)?;
        let before = client.sent;
        match &action.verb {
            Verb::Send(bytes) => client.send(bytes)?,
            Verb::SendUntilRefused(bytes) => client.send_until_refused(bytes),
            Verb::SendUntilOwed(piece) => self.send_until_owed(&action.client, piece)?,
            Verb::Read => got = Some(client.receive()),
            Verb::ReadEverything => got = Some(self.read_everything(&action.client)?),
            Verb::Wait => self.wait(&action.client)?,
            Verb::HalfClose => client.half_close()?,
            Verb::Close | Verb::Reset => client.close(action.verb == Verb::Reset),
            Verb::Connect { .. } | Verb::Stall => {}
        }
        let sent = self.client(&action.client)?.sent - before;
        let mut moment = self.rest()?.after(action);
        moment.event.sent = sent;
        moment.event.got = got.map(Received::got);
        Ok(moment)
    }

    fn client(&mut self, name: &str) -> Result<&mut Client> {
        let mut all = self.clients.iter_mut();
        all.find(|client| client.name == name)
            .with_context(|| format!("{name} isn't connected"))
    }

    /// How much that takes differs from machine to machine, and from run to run. One piece
    /// more is sent: it is with the server, and unread.
    fn send_until_owed(&mut self, name: &str, piece: &[u8]) -> Result<()> {
        const FAR_TOO_MUCH: usize = 8 << 20;
        let index = self.clients.iter().position(|client| client.name == name);
        let index = index.with_context(|| format!("{name} isn't connected"))?;
        while self.clients[index].sent < FAR_TOO_MUCH {
            self.clients[index].send(piece)?;
            self.rest()?;
            let log = self.log()?;
            let ledger = ledger(&log);
            if ledger.accounts.get(index).is_some_and(|it| it.read > it.written) {
                return self.clients[index].send(piece);
            }
        }
        bail!("the server gives back all it takes");
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

    /// The server may take its time: a deadline of it may have to pass.
    fn wait(&mut self, name: &str) -> Result<()> {
        let start = Instant::now();
        while !self.client(name)?.has_heard() {
            ensure!(start.elapsed() < PATIENCE, "nothing comes");
            std::thread::sleep(GLANCE);
        }
        Ok(())
    }

    /// Waits until the server sleeps and nothing moves.
    fn rest(&mut self) -> Result<Moment> {
        let start = Instant::now();
        let (mut last, mut since) = (None, Instant::now());
        loop {
            let log = self.log()?;
            let ends: Vec<_> = self.clients.iter().map(Client::ends).collect();
            let now = Some((log.returned.len(), ends));
            let mut waits = log.waits.iter();
            let wakes_soon = waits.any(|wait| wait.call.asked.waits_at_most(SOON));
            let still = last.is_some() && last == now && !wakes_soon;
            last = now;
            if !still || !self.server.process().sleeps() {
                since = Instant::now();
            } else if since.elapsed() > REST {
                let ledger = ledger(&log);
                let ends = last.as_ref().map_or(&[][..], |(_, ends)| ends);
                let each = || {
                    self.clients.iter().zip(ends).enumerate().map(|(at, it)| {
                        (it.0, ledger.accounts.get(at).cloned().unwrap_or_default(), it.1)
                    })
                };
                let moves = each()
                    .any(|(client, account, ends)| on_the_way(client, &account, ends));
                if !moves || since.elapsed() > HELD_UP {
                    let connections = each().map(|(client, account, ends)| {
                        connection(client, &account, ends)
                    });
                    return Ok(Moment::new(&log, connections.collect()));
                }
            }
            if self.server.has_ended() {
                bail!("the server ended: {}", self.server.printed.text());
            }
            ensure!(start.elapsed() < PATIENCE, "the server doesn't come to rest");
            std::thread::sleep(GLANCE);
        }
    }

    fn log(&mut self) -> Result<Rc<Log>> {
        let file = self.log.path().join("log");
        let length = fs::metadata(&file)?.len();
        if self.read.0 != length {
            self.read = (length, Rc::new(Log::read(&file)?));
        }
        Ok(Rc::clone(&self.read.1))
    }
}

/// Whether bytes, a connection or an end left one side and didn't reach the other.
fn on_the_way(client: &Client, account: &Account, ends: &[Option<End>; 2]) -> bool {
    let [there, here] = ends;
    let is_established =
        |end: &Option<End>| end.as_ref().is_some_and(|it| it.established);
    let unaccepted = there.is_none() && !account.closed;
    let unannounced = is_established(there) && client.finished;
    let unheard = is_established(here) && account.closed;
    let connection = connection(client, account, ends);
    let moving = connection.to_server[0] + connection.to_client[0] > 0;
    unaccepted || moving || unannounced || unheard
}

/// What was sent and not read, by where the kernel has it.
fn connection(client: &Client, account: &Account, ends: &[Option<End>; 2]) -> Connection {
    let [there, here] = ends.each_ref().map(|end| end.as_ref().map_or(0, End::unread));
    let to_server = match account.closed {
        true => [0, 0],
        false => [client.sent.saturating_sub(account.read + there), there],
    };
    let to_client = match client.is_open() {
        true => [account.written.saturating_sub(client.read + here), here],
        false => [0, 0],
    };
    let keeps = account.keeps;
    Connection { client: client.name.clone(), to_server, to_client, keeps }
}

fn ledger(log: &Log) -> Ledger {
    let mut ledger = Ledger::default();
    for witnessed in &log.returned {
        ledger.enter(&witnessed.call);
    }
    ledger
}
