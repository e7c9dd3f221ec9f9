//! The player: the run as JSON for the script, and as a table where there is none.

use anyhow::Result;
use maud::{Markup, PreEscaped, html};
use recording::Form;
use serde_json::{Value, json};

use super::scene::{Frame, Line, Pipe, Scene, Turn};
use super::table::table;
use super::words;

/// How many bytes of data are shown in a player of one run, and of two beside each other.
const DATA: [usize; 2] = [36, 16];

pub fn player(names: &[String], scenes: &[Scene]) -> Result<Markup> {
    let form = Form::Narrow(DATA[usize::from(scenes.len() > 1)]);
    let runs: Vec<Value> =
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

/// What the script reads. Names are short: there is much of it.
fn run(name: &str, scene: &Scene, form: Form) -> Value {
    let last = scene.frames.last();
    let clients = last.into_iter().flat_map(|frame| &frame.connections);
    let all = scene.frames.iter().flat_map(|frame| &frame.connections);
    let pipes = all.flat_map(|it| [&it.to_server, &it.to_client]);
    // The most bytes that a buffer holds at any time.
    let most = pipes.map(|pipe| pipe.send.max(pipe.receive)).max().unwrap_or(0);
    let events = scene.events.iter().map(|event| {
        let calls = event.lines.iter().map(|line| call(line, form));
        json!({
            "by": event.client,
            "does": event.action,
            "got": event.got,
            "calls": calls.collect::<Value>(),
        })
    });
    json!({
        "name": name,
        "title": scene.title,
        "server": scene.server,
        "vary": scene.amounts_vary,
        "clients": clients.map(|it| it.client.as_str()).collect::<Value>(),
        "most": most,
        "events": events.collect::<Value>(),
        "frames": scene.frames.iter().map(|it| frame(it, scene.step)).collect::<Value>(),
    })
}

fn call(line: &Line, form: Form) -> Value {
    let mut call = json!({
        "name": line.call.name(),
        "args": line.call.args(form),
        "result": line.result(form),
        "turn": match line.turn {
            Turn::Sleeps => "sleeps",
            Turn::Resumes => "resumes",
            Turn::Whole => "",
        },
        "about": line.about,
    });
    // What its result is marked with, and the class of that.
    if let Some(mark) = words::mark(line.outcome()) {
        call["mark"] = json!(mark);
    }
    call
}

/// Of each connection: its state, the class of that, and its buffers: the client's send
/// buffer and the server's receive buffer with a text, then the same of the way back.
fn frame(frame: &Frame, step: u8) -> Value {
    let way = |pipe: &Pipe| json!([pipe.send, pipe.receive, pipe.text]);
    let at = frame.connections.iter().map(|it| {
        let (state, class) = words::state(it.state, step);
        json!([state, class, way(&it.to_server), way(&it.to_client), it.left])
    });
    let at: Value = at.collect();
    json!({ "event": frame.event, "call": frame.line, "says": frame.says, "at": at })
}
