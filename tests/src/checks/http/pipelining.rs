//! Requests that don't wait for the responses before them: step 6, and from there on.

use super::pieces::essence;
use crate::check::Check;
use crate::client::Options;
use crate::client::http::pipeline::Pipeline;
use crate::client::http::requests::{last_request, request};
use crate::evidence::failure::Attempt;
use crate::evidence::text::{amount, grouped, quoted};
use crate::scene::Scene;

pub const CHECKS: &[Check] = &[
    Check::new(
        6,
        "two_requests_in_one_write_are_both_answered",
        "Two requests in one write get two responses, in order.",
        two_requests_in_one_write_are_both_answered,
    ),
    Check::new(
        6,
        "a_thousand_requests_in_one_write_are_answered_in_order",
        "A thousand requests in one write, of mixed kinds, are answered in order.",
        a_thousand_requests_in_one_write_are_answered_in_order,
    ),
    Check::new(
        6,
        "requests_cut_anywhere_get_the_same_responses",
        "Requests in two pieces get the same responses, wherever they are cut.",
        requests_cut_anywhere_get_the_same_responses,
    ),
    Check::new(
        6,
        "an_error_is_the_last_response",
        "What came before a bad request is answered, then it is refused, and that is all.",
        an_error_is_the_last_response,
    ),
    Check::new(
        6,
        "nothing_after_close_is_answered",
        "Requests behind one that says close are not answered.",
        nothing_after_close_is_answered,
    ),
    Check::new(
        6,
        "a_pipeline_that_half_closes_is_answered",
        "A client that sends requests and the end at once gets every response, and the end.",
        a_pipeline_that_half_closes_is_answered,
    ),
    Check::new(
        6,
        "a_pipeline_read_late_is_answered_in_order",
        "A client that asks until nothing more is taken, and then reads, gets every response.",
        a_pipeline_read_late_is_answered_in_order,
    ),
    Check::new(
        6,
        "a_connection_ends_after_its_last_byte",
        "A client that reads late gets every response before a connection that is to end does.",
        a_connection_ends_after_its_last_byte,
    ),
];

fn two_requests_in_one_write_are_both_answered(scene: &mut Scene) -> Attempt {
    let mut a = scene.connect()?;
    a.send(request("GET", "/no-such-page") + &request("GET", "/"))?;
    a.response()?.expect_status(404)?;
    a.response()?.expect_status(200)?;
    a.expect_silence()
}

fn a_thousand_requests_in_one_write_are_answered_in_order(scene: &mut Scene) -> Attempt {
    let pipeline = Pipeline::of(1000);
    let mut a = scene.connect()?;
    pipeline.send(&mut a)?;
    pipeline.expect_answers(&mut a)?;
    a.send(last_request("GET", "/"))?;
    a.response()?.expect_status(200)?;
    a.expect_end()
}

fn requests_cut_anywhere_get_the_same_responses(scene: &mut Scene) -> Attempt {
    let expected = [("HEAD", 200), ("GET", 404), ("GET", 200)];
    let requests = request("HEAD", "/")
        + "\r\n"
        + &request("GET", "/no-such-page")
        + &last_request("GET", "/");
    let mut whole = scene.connect()?;
    whole.send(&requests)?;
    let expected = expected.map(|(method, status)| {
        let response = whole.response_to(method)?;
        response.expect_status(status)?;
        Ok((method, essence(&response)))
    });
    let expected: Vec<(&str, String)> = expected.into_iter().collect::<Attempt<_>>()?;
    whole.expect_end()?;
    for cut in 1..requests.len() {
        let mut client = scene.connect_with(Options::QUIET)?;
        client.send(&requests[..cut])?;
        client.until_read()?;
        client.send(&requests[cut..])?;
        for (method, expected) in &expected {
            let response = client.quiet_response(method)?;
            let what = format!("the response to requests cut after {}", amount(cut));
            response.expect_fact(&what, expected, essence(&response))?;
        }
        client.expect_end()?;
    }
    scene.note("the same in two pieces, cut at every byte: the same responses");
    Ok(())
}

fn an_error_is_the_last_response(scene: &mut Scene) -> Attempt {
    let pipeline = Pipeline::of(5);
    for (bad, status) in [
        ("GET / HTTP/1.1\r\n\r\n", 400),
        ("GET / HTTP/1.1\nHost: localhost\n\n", 400),
        ("GET / HTTP/2.0\r\nHost: localhost\r\n\r\n", 505),
        ("\0\0\0\0", 400),
        ("\r\n\r\n\r\n\r\n\r\n", 400),
    ] {
        let mut client = scene.connect_with(Options::QUIET)?;
        let behind = request("GET", "/").repeat(3);
        client.send([&pipeline.bytes(), bad.as_bytes(), behind.as_bytes()].concat())?;
        pipeline.expect_answers(&mut client)?;
        let refusal = client.quiet_response("GET")?;
        refusal.expect_status_of(quoted(bad.as_bytes()), status)?;
        refusal.expect_field("Connection", "close")?;
        client.expect_end()?;
        let bad = quoted(bad.as_bytes());
        scene.note(format!(
            "5 requests, {bad}, 3 requests → 5 responses, {status}, the end"
        ));
    }
    Ok(())
}

fn nothing_after_close_is_answered(scene: &mut Scene) -> Attempt {
    let mut a = scene.connect()?;
    a.send(request("GET", "/") + &last_request("HEAD", "/") + &request("GET", "/"))?;
    a.response()?.expect_status(200)?;
    let last = a.response_to("HEAD")?;
    last.expect_status(200)?;
    last.expect_field("Connection", "close")?;
    a.expect_end()
}

fn a_pipeline_that_half_closes_is_answered(scene: &mut Scene) -> Attempt {
    let pipeline = Pipeline::of(500);
    let mut a = scene.connect()?;
    pipeline.send(&mut a)?;
    a.half_close()?;
    pipeline.expect_answers(&mut a)?;
    a.expect_end()
}

fn a_pipeline_read_late_is_answered_in_order(scene: &mut Scene) -> Attempt {
    let pipeline = Pipeline::with_long_heads(9_000);
    let bytes = pipeline.bytes();
    let mut a = scene.connect_with(Options::SMALL_BUFFERS)?;
    let taken = a.send_until_refused(&bytes);
    let most = grouped(pipeline.len() as u64);
    a.note(match taken == bytes.len() {
        true => format!("→ {most} requests"),
        false => format!("→ the first of {most} requests, until no more is taken"),
    });
    a.widen();
    a.while_it_sends(&bytes[taken..], |client| pipeline.expect_answers(client))?;
    a.expect_silence()
}

/// Of some amount or other the last responses are what the server's socket has no room for:
/// it takes about 80 KiB for a client that doesn't read, and a short response has 300 bytes.
fn a_connection_ends_after_its_last_byte(scene: &mut Scene) -> Attempt {
    for amount in (100..=900).step_by(50) {
        let mut client =
            scene.connect_with(Options { quiet: true, ..Options::SMALL_BUFFERS })?;
        let requests = request("GET", "/").repeat(amount) + &last_request("GET", "/");
        client.send(requests)?;
        client.until_arrived();
        scene.until_asleep()?;
        client.widen();
        for _ in 0..amount {
            client.quiet_response("GET")?.expect_status(200)?;
        }
        client.quiet_response("GET")?.expect_field("Connection", "close")?;
        client.expect_end()?;
        scene.note(format!(
            "{amount} requests and one that says close, read late: all of it"
        ));
    }
    Ok(())
}
