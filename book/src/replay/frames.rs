//! What a player shows, one frame for each action of a client and each system call: worked
//! out from the recorded facts, and held against what the kernel said after each event.

use anyhow::{Context, Result, ensure};

use super::scene::{Connection, Event, Frame, Line, Scene, State, Turn};
use super::track::Track;
use super::words;
use crate::record::facts::{self, Call, Facts};
use crate::record::ledger::Ledger;
use checks::transcript;
use recording::Got;

/// The frames of a recorded run.
pub fn scene(facts: &Facts) -> Result<Scene> {
    let step = facts.server.trim_start_matches("step").parse().unwrap_or(u8::MAX);
    let mut director = Director::default();
    let mut scene = Scene {
        title: facts.title.clone(),
        server: facts.server.clone(),
        step,
        amounts_vary: facts.amounts_vary,
        events: Vec::new(),
        frames: Vec::new(),
    };
    for event in &facts.events {
        let said =
            || format!("{} {}", event.client.as_deref().unwrap_or("-"), event.action);
        director.play(event, &mut scene).with_context(said)?;
    }
    Ok(scene)
}

#[derive(Default)]
struct Director {
    tracks: Vec<Track>,
    ledger: Ledger,
    asleep: bool,
}

impl Director {
    fn play(&mut self, event: &facts::Event, scene: &mut Scene) -> Result<()> {
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

    fn act(&mut self, event: &facts::Event) {
        let Some(client) = &event.client else { return };
        if event.action.starts_with("connects") {
            self.tracks.push(Track::new(client));
        }
        let Some(track) = self.tracks.iter_mut().find(|it| it.client == *client) else {
            return;
        };
        if event.sent > 0 {
            track.to_server.push(&event.data(), event.sent);
        }
        if let Some(Got { bytes, .. }) = event.got {
            track.to_client.take(bytes);
        }
        track.left |= matches!(event.action.as_str(), "closes" | "resets");
    }

    fn measure(&mut self, event: &facts::Event) -> Result<()> {
        for track in &mut self.tracks {
            let mut all = event.connections.iter();
            let now =
                all.find(|it| it.client == track.client).context("it isn't measured")?;
            track.measured = [track.measured[1].clone(), now.clone()];
        }
        Ok(())
    }

    fn call(&mut self, call: &Call) -> Line {
        let accepted = call.accepts() && call.made().is_some();
        let index = match accepted {
            true => Some(self.ledger.accounts.len()),
            false => self.ledger.about(call),
        };
        self.ledger.enter(call);
        let turn = match (&call.result, self.asleep) {
            (None, _) => Turn::Sleeps,
            (Some(_), true) => Turn::Resumes,
            (Some(_), false) => Turn::Whole,
        };
        self.asleep = turn == Turn::Sleeps;
        if call.name == "poll" {
            self.interest(&call.args);
        }
        let about = index.and_then(|index| self.tracks.get_mut(index));
        if let Some(track) = about {
            track.undergo(call, accepted);
        }
        let about = index.and_then(|index| self.tracks.get(index));
        let mut line = Line {
            name: call.name.clone(),
            args: call.args.clone(),
            result: call.result.clone().unwrap_or_default(),
            turn,
            about: about.map(|track| track.client.clone()),
            ready: self.ready(call),
            says: String::new(),
        };
        line.says = words::call(&line, line.about.as_deref());
        line
    }

    /// What a `poll` waits for is the state of a connection.
    fn interest(&mut self, args: &str) {
        for (descriptor, events) in polled(args) {
            let Some(index) = self.ledger.connection(descriptor) else { continue };
            if let Some(track) = self.tracks.get_mut(index) {
                track.state = match events.contains("POLLOUT") {
                    true => State::Res,
                    false => State::Polled,
                };
            }
        }
    }

    fn ready(&self, call: &Call) -> Vec<String> {
        let result = call.result.as_deref().unwrap_or_default();
        let found = polled(result).into_iter().map(|(descriptor, events)| {
            let index = self.ledger.connection(descriptor);
            let Some(track) = index.and_then(|index| self.tracks.get(index)) else {
                return "somebody connects".to_string();
            };
            let what = match events.as_str() {
                events if events.contains("POLLIN") => "can be read from",
                events if events.contains("POLLOUT") => "can be written to",
                _ => "has gone",
            };
            format!("{} {what}", track.client)
        });
        if call.name == "poll" { found.collect() } else { Vec::new() }
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

/// The entries of a `poll`: descriptors and their events.
fn polled(text: &str) -> Vec<(u32, String)> {
    let entries = text.split("{fd=").skip(1).filter_map(|entry| {
        let (descriptor, rest) = entry.split_once(", ")?;
        let (_, events) = rest.split_once("events=")?;
        let events = events.split('}').next()?;
        Some((descriptor.parse().ok()?, events.to_string()))
    });
    entries.collect()
}

fn got(got: &Got) -> String {
    const SHOWN: usize = 60;
    let bytes = match got.bytes {
        0 => None,
        1..SHOWN => Some(transcript::quoted(got.text.as_bytes())),
        bytes => Some(transcript::amount(bytes)),
    };
    match (bytes, &got.end) {
        (Some(bytes), Some(end)) => format!("{bytes}, then {end}"),
        (Some(bytes), None) => bytes,
        (None, Some(end)) => end.clone(),
        (None, None) => "nothing there".to_string(),
    }
}
