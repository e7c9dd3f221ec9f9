//! The system calls of a run as a list, read together in a chapter.

use super::compact::shortened;
use super::html::escaped;
use super::scene::{Event, Line, Outcome, Scene, Turn};
use super::words;

/// How many bytes of data are shown: a small request whole, and of anything longer so much that
/// a call fits on a line or two.
const DATA: usize = 36;

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
    format!("<tr><td>{call}</td>{}</tr>\n", result(line))
}

/// The cell of a result. One that isn't what was asked for says so.
pub fn result(line: &Line) -> String {
    if line.turn == Turn::Sleeps {
        return "<td class=\"sleeps\"><i>sleeps</i></td>".to_string();
    }
    let outcome = line.outcome();
    let result = match line.result.split_once(" (") {
        // The mark says as much as its sentence.
        Some((name, _)) if outcome == Outcome::NotNow => name,
        _ => &line.result,
    };
    let result = breakable(result);
    match words::mark(outcome) {
        None => format!("<td>= {result}</td>"),
        Some((mark, class)) => {
            format!("<td class=\"{class}\">= {result} <i class=\"mark\">{mark}</i></td>")
        }
    }
}

/// Text whose long runs of flags can be broken.
fn breakable(text: &str) -> String {
    escaped(text).replace('|', "|<wbr>").replace("revents=", "revents=<wbr>")
}

/// The letter of a client, in its colour.
pub fn badge(client: &str) -> String {
    format!("<b class=\"client client-{client}\">{client}</b> ")
}

/// A call as HTML, with its data cut after so many bytes.
pub fn call(line: &Line, longest: usize) -> String {
    let args = match line.turn {
        Turn::Sleeps if line.args.ends_with(',') => format!("{} …", line.args),
        _ => shortened(&line.args, longest),
    };
    format!("<b>{}</b>({})", line.name, breakable(&args))
}
