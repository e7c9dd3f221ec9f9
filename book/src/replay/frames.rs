//! What a player shows, one frame for each action of a client and each system call: worked
//! out from the recorded facts, and held against what the kernel said after each event.

use anyhow::{Context, Result, ensure};

use super::scene::{Connection, Event, Frame, Line, Scene, State, Turn};
use super::track::Track;
use super::watched::Watched;
use super::words;
use crate::record::action::Action;
use crate::record::ledger::{Ledger, accepted};
use crate::record::place::program;
use checks::evidence::text;
use recording::{self, Asked, Call, Entry, Got, Recording};

/// The frames of a recorded run, as [`crate::record::kept::replay`] gives it.
pub fn scene(recording: &Recording) -> Result<Scene> {
    let program = program(&recording.server);
    let step = program.trim_start_matches("step").parse().unwrap_or(u8::MAX);
    let mut director = Director::default();
    let mut scene = Scene {
        title: recording.title.clone(),
        server: recording.server.clone(),
        step,
        amounts_vary: recording.amounts_vary,
        events: Vec::new(),
        frames: Vec::new(),
    };
    for event in &recording.events {
        let said =
            || format!("{} {}", event.client.as_deref().unwrap_or("-"), event.action);
        director.play(event, &mut scene).with_context(said)?;
    }
    Ok(scene)
}

/// Events of poll(2), as on every Linux.
const POLLIN: i64 = 1;
const POLLOUT: i64 = 4;

#[derive(Default)]
struct Director {
    tracks: Vec<Track>,
    ledger: Ledger,
    asleep: bool,
    watched: Watched,
}

impl Director {
    fn play(&mut self, event: &recording::Event, scene: &mut Scene) -> Result<()> {
        let number = scene.events.len();
        self.act(event);
        self.measure(event)?;
        let got = event.got.as_ref().map(got);
        if let Some(client) = &event.client {
            let mut says = format!("{client} {}", event.action);
            if let Some(got) = &got {
                says.push_str(&format!(": {got}"));
            }
            scene.frames.push(self.frame(number, None, says));
        }
        let mut lines = Vec::new();
        for call in &event.calls {
            let line = self.call(call);
            scene.frames.push(self.frame(number, Some(lines.len()), line.says.clone()));
            lines.push(line);
        }
        if let Some(last) = scene.frames.last_mut() {
            last.connections = self.settled()?;
        }
        let action = event.action.clone();
        scene.events.push(Event { client: event.client.clone(), action, got, lines });
        Ok(())
    }

    fn act(&mut self, event: &recording::Event) {
        let Some(client) = &event.client else { return };
        if event.action.starts_with("connects") {
            self.tracks.push(Track::new(client));
        }
        let Some(track) = self.tracks.iter_mut().find(|it| it.client == *client) else {
            return;
        };
        if event.sent > 0 {
            track.to_server.push(&Action::sent(event), event.sent);
        }
        if let Some(Got { bytes, .. }) = event.got {
            track.to_client.take(bytes);
        }
        track.left |= matches!(event.action.as_str(), "closes" | "resets");
    }

    fn measure(&mut self, event: &recording::Event) -> Result<()> {
        for track in &mut self.tracks {
            let mut all = event.connections.iter();
            let now =
                all.find(|it| it.client == track.client).context("it isn't measured")?;
            track.measured = [track.measured[1].clone(), now.clone()];
        }
        Ok(())
    }

    fn call(&mut self, call: &Call) -> Line {
        let index = match accepted(call) {
            Some(_) => Some(self.ledger.accounts.len()),
            None => self.ledger.about(call),
        };
        self.watched.undergo(call);
        self.ledger.enter(call);
        let turn = match (&call.answer, self.asleep) {
            (None, _) => Turn::Sleeps,
            (Some(_), true) => Turn::Resumes,
            (Some(_), false) => Turn::Whole,
        };
        self.asleep = turn == Turn::Sleeps;
        match &call.asked {
            Asked::Poll { entries, .. } => self.interest(entries),
            Asked::EpollWait { .. } => self.interest(&self.watched.entries()),
            _ => {}
        }
        let mut about = None;
        if let Some(track) = index.and_then(|index| self.tracks.get_mut(index)) {
            track.undergo(call);
            about = Some(track.client.clone());
        }
        let (ready, says) = (self.ready(call), String::new());
        let mut line = Line { call: call.clone(), turn, about, ready, says };
        line.says = words::call(&line, line.about.as_deref());
        line
    }

    /// What a `poll` or `epoll_wait` waits for is the state of a connection.
    fn interest(&mut self, entries: &[Entry]) {
        for Entry { fd, events } in entries {
            let Some(index) = self.ledger.connection(*fd) else { continue };
            if let Some(track) = self.tracks.get_mut(index) {
                track.state = match events & POLLOUT {
                    0 if track.state == State::Linger => State::Linger,
                    0 => State::Polled,
                    _ => State::Res,
                };
            }
        }
    }

    fn ready(&self, call: &Call) -> Vec<String> {
        let payload = call.payload().cloned().unwrap_or_default();
        let woken = self.watched.ready(&payload.woken);
        let ready = payload.ready.into_iter().chain(woken);
        let found = ready.map(|Entry { fd, events }| {
            let index = self.ledger.connection(fd);
            let Some(track) = index.and_then(|index| self.tracks.get(index)) else {
                return "somebody connects".to_string();
            };
            let what = match events {
                events if events & POLLIN != 0 => "can be read from",
                events if events & POLLOUT != 0 => "can be written to",
                _ => "has gone",
            };
            format!("{} {what}", track.client)
        });
        found.collect()
    }

    fn frame(&self, event: usize, line: Option<usize>, says: String) -> Frame {
        let connections = self.tracks.iter().map(Track::shown).collect();
        Frame { event, line, says, connections }
    }

    /// The connections as the kernel has them, if that is what the calls add up to.
    fn settled(&self) -> Result<Vec<Connection>> {
        let each = self.tracks.iter().map(|track| {
            let mut shown = track.shown();
            let now = &track.measured[1];
            for (pipe, [send, receive]) in [
                (&mut shown.to_server, now.to_server),
                (&mut shown.to_client, now.to_client),
            ] {
                let (calls, kernel) = (pipe.send + pipe.receive, send + receive);
                ensure!(
                    calls == kernel,
                    "{}: by the calls {calls} bytes wait, and by the kernel {kernel}",
                    track.client
                );
                (pipe.send, pipe.receive) = (send, receive);
            }
            Ok(shown)
        });
        each.collect()
    }
}

fn got(got: &Got) -> String {
    const SHOWN: usize = 60;
    let bytes = match got.bytes {
        0 => None,
        1..SHOWN => Some(text::quoted(got.text.as_bytes())),
        bytes => Some(text::amount(bytes)),
    };
    match (bytes, &got.end) {
        (Some(bytes), Some(end)) => format!("{bytes}, then {end}"),
        (Some(bytes), None) => bytes,
        (None, Some(end)) => end.clone(),
        (None, None) => "nothing there".to_string(),
    }
}
