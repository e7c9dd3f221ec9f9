//! One request and its response: step 5, and from there on. They speak of the protocol and
//! not of what a page says.

use std::thread;
use std::time::{Duration, SystemTime};

use crate::check::Check;
use crate::checks::requests::{last_request, request};
use crate::client::Client;
use crate::client::http::response::Response;
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
        let what = format!("the fields of HEAD {target}");
        of_head.expect_fact(&what, lasting_fields(&of_get), lasting_fields(&of_head))?;
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

/// All fields but those of the moment, in whatever order.
pub(crate) fn lasting_fields(response: &Response) -> String {
    let fields = response.fields.iter();
    let lasting = fields.filter(|(name, _)| !name.eq_ignore_ascii_case("date"));
    let mut lines: Vec<String> =
        lasting.map(|(name, value)| format!("{name}: {value}")).collect();
    lines.sort();
    lines.join(", ")
}

impl Response {
    /// RFC 9110, section 7.6.1.
    fn says_close(&self) -> bool {
        let values = self.values("Connection").into_iter();
        let mut tokens = values.flat_map(|value| value.split(','));
        tokens.any(|token| token.trim().eq_ignore_ascii_case("close"))
    }

    /// RFC 9110, section 8.3.1: `text/html`, with parameters or without.
    fn expect_media_type(&self) -> Attempt {
        let value = self.field("Content-Type").unwrap_or_default();
        let essence = value.split(';').next().unwrap_or_default().trim();
        let is_one = essence.split('/').filter(|part| !part.is_empty()).count() == 2;
        match is_one {
            true => Ok(()),
            false => self.expect_field("Content-Type", "a media type"),
        }
    }

    /// RFC 9110, section 6.6.1, and the one form of a date in section 5.6.7 that is to be
    /// sent.
    fn date_of_now(&self) -> Attempt<SystemTime> {
        const MINUTE: Duration = Duration::from_secs(60);
        let value = self.field("Date").unwrap_or_default();
        let now = SystemTime::now();
        let date = httpdate::parse_http_date(value).unwrap_or(SystemTime::UNIX_EPOCH);
        self.expect_fact("the form of Date", httpdate::fmt_http_date(date), value)?;
        let ahead = date.duration_since(now).unwrap_or_default();
        let behind = now.duration_since(date).unwrap_or_default();
        if ahead.max(behind) > MINUTE {
            self.expect_field("Date", &httpdate::fmt_http_date(now))?;
        }
        Ok(date)
    }
}
