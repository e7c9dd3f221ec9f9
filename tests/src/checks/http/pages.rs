//! One request and its response: step 5, and from there on. They speak of the protocol and
//! not of what a page says.

use std::thread;
use std::time::{Duration, SystemTime};

use crate::check::Check;
use crate::client::Client;
use crate::client::http::requests::{last_request, request};
use crate::evidence::failure::{Attempt, Failure};
use crate::scene::Scene;

pub const CHECKS: &[Check] = &[
    Check::new(
        5,
        "a_page_comes_with_its_length_and_type",
        "GET / is answered with 200, a Content-Type, and a body of Content-Length bytes.",
        a_page_comes_with_its_length_and_type,
    ),
    Check::new(
        5,
        "a_response_says_when_it_was_made",
        "The Date field holds the time of now, as RFC 9110 writes it, and goes on with it.",
        a_response_says_when_it_was_made,
    ),
    Check::new(
        5,
        "head_gets_the_fields_alone",
        "HEAD is answered with the fields of GET and not one byte of a body.",
        head_gets_the_fields_alone,
    ),
    Check::new(
        5,
        "an_unknown_path_is_not_found",
        "What isn't there is 404.",
        an_unknown_path_is_not_found,
    ),
    Check::new(
        5,
        "a_response_ends_the_connection",
        "Each response says that the connection ends after it, and it does.",
        a_response_ends_the_connection,
    )
    .fault(),
];

fn a_page_comes_with_its_length_and_type(scene: &mut Scene) -> Attempt {
    let mut a = scene.connect()?;
    a.send(last_request("GET", "/"))?;
    let page = a.response()?;
    page.expect_status(200)?;
    page.expect_field("Content-Length", &page.body.len().to_string())?;
    page.expect_media_type()?;
    a.expect_end()
}

fn a_response_says_when_it_was_made(scene: &mut Scene) -> Attempt {
    let mut dates = Vec::new();
    for target in ["/", "/no-such-page"] {
        let mut client = scene.connect()?;
        client.send(last_request("GET", target))?;
        dates.push(client.response()?.date_of_now()?);
        client.expect_end()?;
    }
    let later = dates[1] + Duration::from_secs(2);
    thread::sleep(later.duration_since(SystemTime::now()).unwrap_or_default());
    scene.note("two seconds go by");
    let mut client = scene.connect()?;
    client.send(last_request("GET", "/"))?;
    let response = client.response()?;
    if response.date_of_now()? <= dates[1] {
        return response.expect_field("Date", &httpdate::fmt_http_date(later));
    }
    client.expect_end()
}

fn head_gets_the_fields_alone(scene: &mut Scene) -> Attempt {
    for target in ["/", "/no-such-page"] {
        let mut a = scene.connect()?;
        a.send(last_request("GET", target))?;
        let of_get = a.response()?;
        a.expect_end()?;
        let mut b = scene.connect()?;
        b.send(last_request("HEAD", target))?;
        let of_head = b.response_to("HEAD")?;
        b.expect_end()?;
        of_head.expect_status(of_get.status)?;
        of_head.expect_fields_of(&of_get, target)?;
    }
    Ok(())
}

fn an_unknown_path_is_not_found(scene: &mut Scene) -> Attempt {
    let mut a = scene.connect()?;
    a.send(last_request("GET", "/no-such-page"))?;
    a.response()?.expect_status(404)?;
    a.expect_end()?;
    let mut b = scene.connect()?;
    b.send(last_request("GET", "/no-such-folder/?a=b&c"))?;
    b.response()?.expect_status(404)?;
    b.expect_end()
}

fn a_response_ends_the_connection(scene: &mut Scene) -> Attempt {
    for target in ["/", "/no-such-page"] {
        let mut client = scene.connect()?;
        client.send(request("GET", target))?;
        let response = client.response()?;
        if !response.says_close() && takes_another_request(&mut client) {
            return Err(Failure::ahead("a second request on the connection is answered"));
        }
        response.expect_field("Connection", "close")?;
        client.expect_end()?;
    }
    Ok(())
}

/// Whether the connection takes another request.
fn takes_another_request(client: &mut Client) -> bool {
    let sent = client.send_unnoted(request("GET", "/").as_bytes());
    sent.is_ok() && client.quiet_response("GET").is_ok()
}
