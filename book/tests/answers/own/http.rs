//! Chapters 5 and 6.

use std::process::{Command, Output};

use checks::check::Check;
use checks::client::Client;
use checks::evidence::failure::{Attempt, Failure};
use checks::scene::Scene;
use checks::system::patience::PATIENT;
use checks::system::tool::Tool;
use rustix::process::Signal;

use super::{calls_from, expect_equal, expect_printed};

pub const CHECKS: &[Check] = &[
    Check::new(
        5,
        "an_unfinished_head_gets_no_answer",
        "A head without its end, and then the end of all, is answered by nothing but the end.",
        an_unfinished_head_gets_no_answer,
    ),
    Check::new(
        5,
        "a_get_to_curl_lacks_one_byte",
        "curl -i prints all and fails with 18, one byte remaining; curl -I notices nothing.",
        a_get_to_curl_lacks_one_byte,
    )
    .needs(&[Tool::Curl]),
    Check::new(
        5,
        "curl_is_content_without_the_last_byte",
        "curl -i and curl -I are content, and the page has lost its last byte.",
        curl_is_content_without_the_last_byte,
    )
    .needs(&[Tool::Curl]),
    Check::new(
        5,
        "visits_are_told_and_not_counted",
        "/visits says how many visitors there were; asking for it is no visit.",
        visits_are_told_and_not_counted,
    ),
    Check::new(
        6,
        "half_a_request_goes_unanswered",
        "One read brings both, one write answers the first; then comes the end.",
        half_a_request_goes_unanswered,
    )
    .needs(&[Tool::Strace]),
    Check::new(
        6,
        "a_response_leaves_in_pieces",
        "A response takes several writes, none of more than 100 bytes.",
        a_response_leaves_in_pieces,
    )
    .needs(&[Tool::Strace]),
    Check::new(
        6,
        "a_head_as_long_as_the_last_is_found",
        "A request as long as the one before it is answered.",
        |scene| after_another(scene, 0)?.quiet_response("GET")?.expect_status(200),
    ),
    Check::new(
        6,
        "a_head_one_byte_shorter_is_refused",
        "A request one byte shorter than the one before it gets 400.",
        |scene| after_another(scene, 1)?.quiet_response("GET")?.expect_status(400),
    ),
    Check::new(
        6,
        "a_head_two_bytes_shorter_is_never_found",
        "A request two bytes shorter than the one before it is never answered.",
        |scene| after_another(scene, 2)?.expect_silence(),
    ),
    Check::new(
        6,
        "a_head_three_bytes_shorter_ends_the_server",
        "A request three bytes shorter than the one before it makes the server panic.",
        a_head_three_bytes_shorter_ends_the_server,
    ),
    Check::new(
        6,
        "the_hundredth_response_is_the_last",
        "Of 150 requests in one go a hundred are answered; the last response says close.",
        the_hundredth_response_is_the_last,
    ),
];

const REQUEST: &str = "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n";

fn an_unfinished_head_gets_no_answer(scene: &mut Scene) -> Attempt {
    let mut a = scene.connect()?;
    a.send("GET / HTTP/1.1\r\nHost: x\r\n")?;
    a.half_close()?;
    a.expect_end()
}

fn a_get_to_curl_lacks_one_byte(scene: &mut Scene) -> Attempt {
    let get = curl(scene, "-i")?;
    expect_equal("how curl -i ends", 18, get.status.code().unwrap_or(-1))?;
    expect_equal("the page is whole", true, get.stdout.ends_with(b"</p>\n"))?;
    let complaint = String::from_utf8_lossy(&get.stderr);
    let words = "transfer closed with 1 bytes remaining";
    expect_equal("curl says so", true, complaint.contains(words))?;
    let head = curl(scene, "-I")?;
    expect_equal("how curl -I ends", 0, head.status.code().unwrap_or(-1))
}

fn curl_is_content_without_the_last_byte(scene: &mut Scene) -> Attempt {
    let get = curl(scene, "-i")?;
    expect_equal("how curl -i ends", 0, get.status.code().unwrap_or(-1))?;
    expect_equal("the last byte is lost", true, get.stdout.ends_with(b"</p>"))?;
    let head = curl(scene, "-I")?;
    expect_equal("how curl -I ends", 0, head.status.code().unwrap_or(-1))
}

fn curl(scene: &mut Scene, option: &str) -> Attempt<Output> {
    // curl takes its own time to start, however patient a check is.
    let patience = scene.patience.max(PATIENT).as_secs().to_string();
    let url = format!("http://{}/", scene.start()?.address);
    let mut curl = Command::new(Tool::Curl.program());
    let curl =
        curl.args(["-sS", "--noproxy", "*", "--max-time", &patience, option, &url]);
    curl.output().map_err(|error| Failure::fact("curl runs", "yes", error))
}

fn visits_are_told_and_not_counted(scene: &mut Scene) -> Attempt {
    for (method, target, body) in [
        ("GET", "/visits", "0\n"),
        ("GET", "/", ""),
        ("GET", "/", ""),
        ("GET", "/visits", "2\n"),
        ("HEAD", "/visits", ""),
        ("GET", "/visits", "2\n"),
    ] {
        let mut client = scene.connect()?;
        client.send(REQUEST.replace("GET /", &format!("{method} {target}")))?;
        let response = client.quiet_response(method)?;
        response.expect_status(200)?;
        if target == "/visits" {
            response.expect_field("Content-Type", "text/plain; charset=utf-8")?;
            response.expect_field("Content-Length", "2")?;
            response.expect_body(body)?;
        }
        client.expect_end()?;
    }
    Ok(())
}

fn half_a_request_goes_unanswered(scene: &mut Scene) -> Attempt {
    scene.start_traced()?;
    let mut a = scene.connect()?;
    a.send(REQUEST.to_owned() + "GET / HT")?;
    a.quiet_response("GET")?.expect_status(200)?;
    a.half_close()?;
    a.expect_end()?;
    let calls = calls_from(scene, "GET / HT", &["read", "write", "poll", "close"]);
    let names: Vec<&str> = calls.iter().map(|call| call.name.as_str()).collect();
    let expected = ["read", "write", "poll", "read", "close"];
    expect_equal("the calls", expected.join(" "), names[..names.len().min(5)].join(" "))?;
    let both = (REQUEST.len() + "GET / HT".len()).to_string();
    expect_equal("what the first read brings", both, &calls[0].result)?;
    expect_equal("what the second read brings", 0, &calls[3].result)
}

fn a_response_leaves_in_pieces(scene: &mut Scene) -> Attempt {
    scene.start_traced()?;
    let mut a = scene.connect()?;
    a.ask()?;
    // The last piece comes before the trace has its result; the end comes after.
    a.half_close()?;
    a.expect_end()?;
    let writes = calls_from(scene, "GET /", &["write"]);
    expect_equal("the response takes several writes", true, writes.len() > 1)?;
    let sizes = writes.iter().map(|call| call.result.parse().unwrap_or(usize::MAX));
    expect_equal("the largest of them", 100, sizes.max().unwrap_or(0))
}

/// A client that has had an answer, and has sent a request that is so many bytes shorter.
fn after_another(scene: &mut Scene, shorter: usize) -> Attempt<Client> {
    let request =
        |size| format!("GET / HTTP/1.1\r\nHost: localhost\r\nX: {0:x<size$}\r\n\r\n", "");
    let mut a = scene.connect()?;
    a.send(request(20))?;
    a.quiet_response("GET")?.expect_status(200)?;
    a.send(request(20 - shorter))?;
    Ok(a)
}

fn a_head_three_bytes_shorter_ends_the_server(scene: &mut Scene) -> Attempt {
    let mut a = after_another(scene, 3)?;
    a.expect_end()?;
    // To a server that runs this says nothing, and to the scene that it may end.
    scene.signal(Signal::CONT)?;
    let patience = scene.patience;
    let status = scene.start()?.exit_within(patience);
    let code = status.and_then(|status| status.code()).unwrap_or(0);
    expect_equal("the exit code of the server", 101, code)?;
    expect_printed(scene, "out of range for slice")
}

fn the_hundredth_response_is_the_last(scene: &mut Scene) -> Attempt {
    let mut a = scene.connect()?;
    a.send(REQUEST.repeat(150))?;
    for number in 1..=100 {
        let response = a.quiet_response("GET")?;
        response.expect_status(200)?;
        let expected = if number < 100 { "keep-alive" } else { "close" };
        response.expect_field("Connection", expected)?;
    }
    a.expect_end()
}
