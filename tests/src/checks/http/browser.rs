//! Other people's clients are content: step 5, and from there on.

use std::ffi::OsString;

use crate::check::Check;
use crate::checks::visitors::{Visit, curl, visit};
use crate::client::Options;
use crate::client::http::requests::last_request;
use crate::evidence::failure::{Attempt, Failure};
use crate::scene::Scene;
use crate::system::tool::Tool;

pub const CHECKS: &[Check] = &[
    Check::new(
        5,
        "curl_is_content",
        "curl prints the page, exits with 0 and complains about nothing.",
        curl_is_content,
    )
    .needs(&[Tool::Curl]),
    Check::new(
        5,
        "a_browser_shows_the_page",
        "Chromium shows the text of the page.",
        a_browser_shows_the_page,
    )
    .needs(&[Tool::Chromium]),
    Check::new(
        6,
        "curl_takes_one_connection_for_two_pages",
        "curl gets a second page through the connection of the first.",
        curl_takes_one_connection_for_two_pages,
    )
    .needs(&[Tool::Curl]),
];

fn curl_is_content(scene: &mut Scene) -> Attempt {
    let page = page(scene)?;
    for arguments in [&["--verbose"][..], &["--verbose", "--http1.0"]] {
        let Visit { stdout, stderr } = curl(scene, arguments, &["/"])?;
        same_text("what curl prints", &page, &stdout)?;
        let complaint = stderr.lines().find(|line| is_complaint(line));
        if let Some(line) = complaint {
            return Err(Failure::fact("what curl complains about", "nothing", line));
        }
        scene.note(format!(
            "curl {} prints the page and exits with 0",
            arguments.join(" ")
        ));
    }
    let head = curl(scene, &["--verbose", "--head"], &["/"])?;
    let status = head.stdout.lines().next().unwrap_or_default();
    if !status.starts_with("HTTP/1.1 200") || head.stdout.lines().any(is_body) {
        return Err(Failure::fact("what curl --head prints", "a head", head.stdout));
    }
    scene.note("curl --head prints the head and exits with 0");
    Ok(())
}

fn curl_takes_one_connection_for_two_pages(scene: &mut Scene) -> Attempt {
    let arguments =
        ["--output", "/dev/null", "--write-out", "%{http_code} %{num_connects},"];
    let visit = curl(scene, &arguments, &["/", "/"])?;
    if visit.stdout != "200 1,200 0," {
        let what = "status and new connections of two pages";
        return Err(Failure::fact(what, "200 1,200 0,", visit.stdout));
    }
    scene.note("curl gets two pages through one connection");
    Ok(())
}

fn a_browser_shows_the_page(scene: &mut Scene) -> Attempt {
    let page = text_of(&page(scene)?);
    let place = |error| Failure::own("make a profile for the browser", error);
    let profile = tempfile::tempdir().map_err(place)?;
    let mut arguments: Vec<OsString> = [
        "--headless",
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        "--dump-dom",
    ]
    .map(OsString::from)
    .to_vec();
    let mut data = OsString::from("--user-data-dir=");
    data.push(profile.path());
    arguments.extend([data, format!("http://{}/", scene.start()?.address).into()]);
    let shown = visit(Tool::Chromium, arguments, 3 * scene.patience)?;
    let shown = text_of(&shown.stdout);
    if page.is_empty() || !shown.contains(&page) {
        return Err(Failure::fact("the text that Chromium shows", page, shown));
    }
    scene.note("Chromium shows the page's text");
    Ok(())
}

/// The page as a plain client gets it.
fn page(scene: &mut Scene) -> Attempt<String> {
    let mut client = scene.connect_with(Options::QUIET)?;
    client.send(last_request("GET", "/"))?;
    let response = client.quiet_response("GET")?;
    response.expect_status(200)?;
    client.expect_end()?;
    Ok(String::from_utf8_lossy(&response.body).into_owned())
}

/// A line in which `curl --verbose` speaks for itself, of something it doesn't like.
fn is_complaint(line: &str) -> bool {
    const WORDS: [&str; 9] = [
        "excess",
        "error",
        "illegal",
        "invalid",
        "malformed",
        "ignor",
        "warn",
        "fail",
        "unexpected",
    ];
    let line = line.to_lowercase();
    line.starts_with('*') && WORDS.iter().any(|word| line.contains(word))
}

fn is_body(line: &str) -> bool {
    line.starts_with('<')
}

fn same_text(what: &str, expected: &str, received: &str) -> Attempt {
    match numberless(expected) == numberless(received) {
        true => Ok(()),
        false => Err(Failure::fact(what, expected, received)),
    }
}

/// A page may count its visitors.
fn numberless(text: &str) -> String {
    text.replace(|letter: char| letter.is_ascii_digit(), "")
}

/// A page's words, without its tags and numbers.
fn text_of(page: &str) -> String {
    let mut text = String::new();
    for piece in page.split('<') {
        text.push_str(piece.split_once('>').map_or("", |(_, after)| after));
        text.push(' ');
    }
    let text = numberless(&text);
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
