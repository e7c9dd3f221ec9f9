//! The system calls of a run as a list, read together in a chapter.

use super::compact::shortened;
use super::html::escaped;
use super::scene::{Event, Line, Scene, Turn};

/// Of longer data the beginning is shown.
const DATA: usize = 56;

pub fn html(scene: &Scene) -> String {
    let mut html = format!(
        "<figure class=\"calls\">\n<figcaption>{} <span class=\"program\">{}</span></figcaption>\n\
         <div class=\"screen\" tabindex=\"0\" role=\"region\" aria-label=\"System calls\">\n\
         <table>\n<thead><tr><th scope=\"col\">call</th><th scope=\"col\">result</th></tr></thead>\n",
        escaped(&scene.title),
        scene.server
    );
    let last = scene.events.iter().rposition(|event| !event.lines.is_empty());
    for (number, event) in scene.events.iter().enumerate() {
        html.push_str("<tbody>\n");
        html.push_str(&head(event));
        for line in &event.lines {
            // The call in which it slept is shown where it returned.
            if line.turn != Turn::Sleeps || last == Some(number) {
                html.push_str(&row(line));
            }
        }
        html.push_str("</tbody>\n");
    }
    html.push_str("</table>\n</div>\n</figure>\n");
    html
}

fn head(event: &Event) -> String {
    let text = match &event.client {
        Some(client) => format!("{}{}", badge(client), escaped(&said(event))),
        None => "The server starts".to_string(),
    };
    format!("<tr class=\"event\"><th scope=\"rowgroup\" colspan=\"2\">{text}</th></tr>\n")
}

/// What a client did, and what it got.
pub fn said(event: &Event) -> String {
    match &event.got {
        Some(got) => format!("{}: {got}", event.action),
        None => event.action.clone(),
    }
}

fn row(line: &Line) -> String {
    let call = call(line, DATA);
    let result = match line.turn {
        Turn::Sleeps => "<i>sleeps</i>".to_string(),
        _ => escaped(&line.result),
    };
    format!("<tr><td>{call}</td><td>{result}</td></tr>\n")
}

/// The letter of a client, in its colour.
pub fn badge(client: &str) -> String {
    format!("<b class=\"client client-{client}\">{client}</b> ")
}

/// A call as HTML, with its data cut after so many characters.
pub fn call(line: &Line, longest: usize) -> String {
    let args = match line.turn {
        Turn::Sleeps if line.args.ends_with(',') => format!("{} …", line.args),
        _ => shortened(&line.args, longest),
    };
    format!("<b>{}</b>({})", line.name, escaped(&args))
}
