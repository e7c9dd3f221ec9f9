//! The player: the run as JSON for the script, and as a table where there is none.

use anyhow::Result;
use maud::{Markup, PreEscaped, html};
use recording::Form;
use serde::Serialize;

use super::scene::{self, Line, Scene, Turn};
use super::table::table;
use super::words;

/// What the script reads. Names are short: there is much of it.
#[derive(Serialize)]
struct Run<'a> {
    name: &'a str,
    title: &'a str,
    server: &'a str,
    vary: bool,
    clients: Vec<&'a str>,
    /// The most bytes that a buffer holds at any time.
    most: usize,
    events: Vec<Event<'a>>,
    frames: Vec<Frame<'a>>,
}

#[derive(Serialize)]
struct Event<'a> {
    by: Option<&'a str>,
    does: &'a str,
    got: Option<&'a str>,
    calls: Vec<Call<'a>>,
}

#[derive(Serialize)]
struct Call<'a> {
    name: &'a str,
    args: String,
    result: String,
    turn: &'static str,
    about: Option<&'a str>,
    /// What its result is marked with, and the class of that.
    #[serde(skip_serializing_if = "Option::is_none")]
    mark: Option<(&'static str, &'static str)>,
}

#[derive(Serialize)]
struct Frame<'a> {
    event: usize,
    call: Option<usize>,
    says: &'a str,
    /// Of each connection: its state, the class of that, and its buffers: the client's send
    /// buffer and the server's receive buffer with a text, then the same of the way back.
    at: Vec<(&'static str, &'static str, Way<'a>, Way<'a>, bool)>,
}

type Way<'a> = (usize, usize, Option<&'a str>);

/// How many bytes of data are shown in a player of one run, and of two beside each other.
const DATA: [usize; 2] = [36, 16];

pub fn player(names: &[String], scenes: &[Scene]) -> Result<Markup> {
    let form = Form::Narrow(DATA[usize::from(scenes.len() > 1)]);
    let runs: Vec<Run> =
        names.iter().zip(scenes).map(|(name, scene)| run(name, scene, form)).collect();
    // In a script nothing but its end means anything.
    let json = serde_json::to_string(&runs)?.replace('<', "\\u003c");
    Ok(html! {
        div.replay id={ "replay-" (names.first().map_or("", String::as_str)) } {
            script type="application/json" { (PreEscaped(json)) }
            div.tables tabindex="0" role="region" aria-label="A recorded run" {
                @for scene in scenes { (table(scene)) }
            }
        }
    })
}

fn run<'a>(name: &'a str, scene: &'a Scene, form: Form) -> Run<'a> {
    let last = scene.frames.last();
    let clients = last.into_iter().flat_map(|frame| &frame.connections);
    let buffers =
        scene.frames.iter().flat_map(|frame| &frame.connections).flat_map(|it| {
            let (there, back) = (&it.to_server, &it.to_client);
            [there.send, there.receive, back.send, back.receive]
        });
    Run {
        name,
        title: &scene.title,
        server: &scene.server,
        vary: scene.amounts_vary,
        clients: clients.map(|it| it.client.as_str()).collect(),
        most: buffers.max().unwrap_or(0),
        events: scene.events.iter().map(|it| event(it, form)).collect(),
        frames: scene.frames.iter().map(|it| frame(it, scene.step)).collect(),
    }
}

fn event(event: &scene::Event, form: Form) -> Event<'_> {
    Event {
        by: event.client.as_deref(),
        does: &event.action,
        got: event.got.as_deref(),
        calls: event.lines.iter().map(|it| call(it, form)).collect(),
    }
}

fn call(line: &Line, form: Form) -> Call<'_> {
    Call {
        name: line.call.name(),
        args: line.call.args(form),
        result: line.result(form),
        turn: match line.turn {
            Turn::Sleeps => "sleeps",
            Turn::Resumes => "resumes",
            Turn::Whole => "",
        },
        about: line.about.as_deref(),
        mark: words::mark(line.outcome()),
    }
}

fn frame(frame: &scene::Frame, step: u8) -> Frame<'_> {
    fn way(pipe: &scene::Pipe) -> Way<'_> {
        (pipe.send, pipe.receive, pipe.text.as_deref())
    }
    let at = frame.connections.iter().map(|it| {
        let (state, class) = words::state(it.state, step);
        (state, class, way(&it.to_server), way(&it.to_client), it.left)
    });
    let at = at.collect();
    Frame { event: frame.event, call: frame.line, says: &frame.says, at }
}
