//! The system calls of a run as a list, read together in a chapter.

use super::frames::{Event, Line, Scene, Turn};
use super::html::escaped;

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
    let call = call(line, usize::MAX);
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

/// Arguments whose quoted data is no longer than that.
pub fn shortened(args: &str, longest: usize) -> String {
    let Some((before, rest)) = args.split_once('"') else { return args.to_string() };
    let Some((data, after)) = rest.rsplit_once('"') else { return args.to_string() };
    if data.chars().count() <= longest {
        return args.to_string();
    }
    let mut cut: String = data.chars().take(longest).collect();
    while cut.ends_with('\\') {
        cut.pop();
    }
    format!("{before}\"{cut}\"…{}", after.trim_start_matches('.'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_data_is_cut() {
        let args = r#"4, "GET / HTTP/1.1\r\nHost"..., 65536"#;
        assert_eq!(shortened(args, 5), r#"4, "GET /"…, 65536"#);
        assert_eq!(shortened(args, 15), r#"4, "GET / HTTP/1.1"…, 65536"#);
        assert_eq!(shortened(args, 99), args);
        assert_eq!(shortened("3, NULL", 2), "3, NULL");
    }
}
