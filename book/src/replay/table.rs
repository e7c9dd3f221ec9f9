//! A run as a table: what a reader without scripts has instead of the player.

use super::calls::{badge, call, result};
use super::html::escaped;
use super::scene::{Connection, Frame, Pipe, Scene};
use super::words;
use checks::transcript::amount;

const DATA: usize = 20;

pub fn html(scene: &Scene) -> String {
    let mut html = format!(
        "<table>\n<caption>{}{}</caption>\n<thead><tr><th scope=\"col\">what happens</th>\
         <th scope=\"col\">result</th><th scope=\"col\">connections then</th></tr></thead>\n\
         <tbody>\n",
        escaped(&scene.title),
        match scene.amounts_vary {
            true => " (how much the buffers take is up to the kernel)",
            false => "",
        }
    );
    for frame in &scene.frames {
        html.push_str(&row(frame, scene));
    }
    html.push_str("</tbody>\n</table>\n");
    html
}

fn row(frame: &Frame, scene: &Scene) -> String {
    let event = &scene.events[frame.event];
    let all = frame.connections.iter().map(|it| connection(it, scene.step));
    let all = all.collect::<Vec<_>>().join("<br>");
    let Some(line) = frame.line.map(|line| &event.lines[line]) else {
        let client = event.client.as_deref().map(badge).unwrap_or_default();
        let (action, got) =
            (escaped(&event.action), event.got.as_deref().unwrap_or_default());
        let got = escaped(got);
        return format!(
            "<tr class=\"event\"><th scope=\"row\">{client}{action}</th><td>{got}</td>\
             <td>{all}</td></tr>\n"
        );
    };
    let (call, result) = (call(line, DATA), result(line));
    format!("<tr><th scope=\"row\">{call}</th>{result}<td>{all}</td></tr>\n")
}

fn connection(connection: &Connection, step: u8) -> String {
    let Connection { client, state, to_server, to_client, left } = connection;
    let (word, _) = words::state(*state, step);
    let mut text = format!("{client}: {word}");
    for (way, pipe) in [("to the server", to_server), ("to the client", to_client)] {
        let Pipe { send, receive, .. } = pipe;
        if send + receive > 0 {
            text.push_str(&format!(", {} {way}", amount(send + receive)));
        }
    }
    if *left {
        text.push_str(", the client has left");
    }
    text
}
