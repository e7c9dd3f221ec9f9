//! The system calls of a run as a list, read together in a chapter.

use maud::{Markup, PreEscaped, html};
use recording::Form;

use super::scene::{Event, Line, Outcome, Scene, Turn};
use super::words;

/// How many bytes of data are shown: a small request whole, and of anything longer so much that
/// a call fits on a line or two.
const DATA: usize = 36;

pub fn figure(scene: &Scene) -> Markup {
    let last = scene.events.iter().rposition(|event| !event.lines.is_empty());
    // The call in which it slept is shown where it returned.
    let is_shown =
        |number, line: &Line| line.turn != Turn::Sleeps || last == Some(number);
    html! {
        figure.calls {
            figcaption { (scene.title) " " span.program { (scene.server) } }
            div.screen tabindex="0" role="region" aria-label="System calls" {
                table {
                    thead { tr { th scope="col" { "call" } th scope="col" { "result" } } }
                    @for (number, event) in scene.events.iter().enumerate() {
                        tbody {
                            (head(event))
                            @for line in event.lines.iter().filter(|it| is_shown(number, it)) {
                                tr { td { (call(line, DATA)) } (result(line)) }
                            }
                        }
                    }
                }
            }
        }
    }
}

/// What a client did, and what it got.
fn head(event: &Event) -> Markup {
    html! {
        tr.event {
            th scope="rowgroup" colspan="2" {
                @if let Some(client) = &event.client {
                    (badge(client)) (event.action)
                    @if let Some(got) = &event.got { ": " (got) }
                } @else {
                    "The server starts"
                }
            }
        }
    }
}

/// The cell of a result. One that isn't what was asked for says so.
pub fn result(line: &Line) -> Markup {
    if line.turn == Turn::Sleeps {
        return html! { td.sleeps { i { "sleeps" } } };
    }
    let outcome = line.outcome();
    let result = line.result(Form::Page(DATA));
    let result = match result.split_once(" (") {
        // The mark says as much as its sentence.
        Some((name, _)) if outcome == Outcome::NotNow => name,
        _ => &result,
    };
    let mark = words::mark(outcome);
    html! {
        td class=[mark.map(|(_, class)| class)] {
            "= " (breakable(result, BREAKS))
            @if let Some((mark, _)) = mark { " " i.mark { (mark) } }
        }
    }
}

/// Long runs of flags can be broken.
const BREAKS: &[&str] = &["|", "revents="];

/// Text that can be broken behind each of these.
pub fn breakable(text: &str, behind: &[&str]) -> Markup {
    let escaped = html! { (text) }.into_string();
    let broken = |text: String, it: &&str| text.replace(it, &format!("{it}<wbr>"));
    PreEscaped(behind.iter().fold(escaped, broken))
}

/// The letter of a client, in its colour.
pub fn badge(client: &str) -> Markup {
    html! { b class={ "client client-" (client) } { (client) } " " }
}

/// A call as HTML, with its data cut after so many bytes.
pub fn call(line: &Line, longest: usize) -> Markup {
    let mut args = line.call.args(Form::Page(longest));
    if line.turn == Turn::Sleeps && args.ends_with(',') {
        args.push_str(" …");
    }
    html! { b { (line.call.name()) } "(" (breakable(&args, BREAKS)) ")" }
}
