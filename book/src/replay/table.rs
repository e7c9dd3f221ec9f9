//! A run as a table: what a reader without scripts has instead of the player.

use checks::evidence::text::amount;
use maud::{Markup, html};

use super::calls::{badge, call, result};
use super::scene::{Connection, Frame, Pipe, Scene};
use super::words;

const DATA: usize = 20;

pub fn table(scene: &Scene) -> Markup {
    html! {
        table {
            caption {
                (scene.title)
                @if scene.amounts_vary { " (how much the buffers take is up to the kernel)" }
            }
            thead {
                tr {
                    th scope="col" { "what happens" }
                    th scope="col" { "result" }
                    th scope="col" { "connections then" }
                }
            }
            tbody { @for frame in &scene.frames { (row(frame, scene)) } }
        }
    }
}

fn row(frame: &Frame, scene: &Scene) -> Markup {
    let event = &scene.events[frame.event];
    let connections = html! {
        td {
            @for (index, it) in frame.connections.iter().enumerate() {
                @if index > 0 { br; }
                (connection(it, scene.step))
            }
        }
    };
    match frame.line.map(|line| &event.lines[line]) {
        None => html! {
            tr.event {
                th scope="row" {
                    @if let Some(client) = &event.client { (badge(client)) }
                    (event.action)
                }
                td { (event.got.as_deref().unwrap_or_default()) }
                (connections)
            }
        },
        Some(line) => html! {
            tr { th scope="row" { (call(line, DATA)) } (result(line)) (connections) }
        },
    }
}

fn connection(connection: &Connection, step: u8) -> Markup {
    let Connection { client, state, to_server, to_client, left } = connection;
    let (word, _) = words::state(*state, step);
    let waiting = |pipe: &Pipe| Some(pipe.send + pipe.receive).filter(|it| *it > 0);
    html! {
        (client) ": " (word)
        @if let Some(bytes) = waiting(to_server) { ", " (amount(bytes)) " to the server" }
        @if let Some(bytes) = waiting(to_client) { ", " (amount(bytes)) " to the client" }
        @if *left { ", the client has left" }
    }
}
