//! Where a program and its recording part, for people.

use std::fmt::Write;

use recording::{Call, Outcome, Recording, Report};

use super::Lines;

/// How many calls before the difference are shown.
const BEFORE: usize = 6;

pub fn text(recording: &Recording, report: &Report, lines: &Lines) -> String {
    let calls: Vec<&Call> = recording.calls().collect();
    let mut text = String::new();
    let place = match &report.outcome {
        Outcome::Whole => return text,
        Outcome::Parted { place, asks } => {
            let asks = lines.call(asks);
            text.push_str("the program asks for something else than was recorded\n");
            let _ = match place {
                Some(place) => row(&mut text, "- ", calls[*place], &calls[*place].at),
                None => writeln!(text, "- nothing more"),
            };
            let _ = row(&mut text, "+ ", &asks, &asks.at);
            place.unwrap_or(calls.len())
        }
        Outcome::EndedEarly { place } => {
            text.push_str("the program ended, and this was still to come\n");
            let _ = row(&mut text, "- ", calls[*place], &calls[*place].at);
            *place
        }
        Outcome::Stuck { place } => {
            text.push_str("a thread waits for this call of another, and it isn't made\n");
            let _ = row(&mut text, "- ", calls[*place], &calls[*place].at);
            *place
        }
    };
    if let Some(event) = event(recording, place) {
        let _ = writeln!(text, "when {event}; before that, as recorded:");
    }
    for call in &calls[place.saturating_sub(BEFORE)..place] {
        let _ = row(&mut text, "  ", call, &call.at);
    }
    text
}

/// A call, and the two innermost lines that led to it.
fn row(text: &mut String, mark: &str, call: &Call, at: &[String]) -> std::fmt::Result {
    let name = call.thread.0.iter().map(|number| number.to_string());
    let name = name.collect::<Vec<_>>().join(".");
    let thread = if name.is_empty() { name } else { format!("[thread {name}] ") };
    writeln!(text, "{mark}{thread}{}", call.line())?;
    match at {
        [] => Ok(()),
        [only] => writeln!(text, "{mark}    {only}"),
        [inner, outer, ..] => writeln!(text, "{mark}    {inner}, called at {outer}"),
    }
}

/// What happened before a call: `A sends "hello\n"`.
fn event(recording: &Recording, place: usize) -> Option<String> {
    let mut end = 0;
    let found = recording.events.iter().find(|event| {
        end += event.calls.len();
        place < end
    });
    let event = found.or(recording.events.last())?;
    let client = event.client.as_deref().unwrap_or("the server");
    Some(format!("{client} {}", event.action))
}
