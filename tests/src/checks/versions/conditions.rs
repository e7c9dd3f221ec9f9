//! Which version of a file a client has already: RFC 9110, sections 8.8 and 13.

use std::collections::HashMap;
use std::fs;
use std::thread;
use std::time::{Duration, SystemTime};

use super::validators::{AFTER, BEFORE, DATE, LENGTHS, date, etag};
use crate::check::Check;
use crate::checks::files::fetching::{Notice, ask, get, pass_a_tick};
use crate::client::{Client, Options};
use crate::evidence::failure::Attempt;
use crate::evidence::text::amount;
use crate::scene::Scene;
use crate::scene::site::{Site, noise};

pub const CHECKS: &[Check] = &[
    Check::new(
        12,
        "a_file_says_which_version_it_is",
        "A file comes with a strong ETag and with the date of its last change.",
        a_file_says_which_version_it_is,
    ),
    Check::new(
        12,
        "another_version_has_another_tag",
        "When a file has changed its ETag has: written anew, replaced, or with an old date.",
        another_version_has_another_tag,
    ),
    Check::new(
        12,
        "conditions_are_heeded_in_their_order",
        "Preconditions are evaluated as RFC 9110, section 13.2.2, has it: 200, 304 or 412.",
        conditions_are_heeded_in_their_order,
    ),
    Check::new(
        12,
        "a_head_with_a_condition_has_the_fields_of_its_get",
        "HEAD with a condition has the fields of GET with the same, and no body.",
        a_head_with_a_condition_has_the_fields_of_its_get,
    ),
    Check::new(
        12,
        "a_file_from_the_epoch_has_no_date",
        "A date of the epoch or a second later is that of no change: no Last-Modified.",
        a_file_from_the_epoch_has_no_date,
    ),
];

fn a_file_says_which_version_it_is(scene: &mut Scene) -> Attempt {
    let site = scene.site()?;
    let mut a = scene.connect_with(Options::QUIET)?;
    for length in LENGTHS {
        let name = site.write_noise(length)?;
        site.date(&name, date())?;
        let response = get(&mut a, &site.target(&name), "")?;
        response.expect_status(200)?;
        response.expect_field("Last-Modified", DATE)?;
        let first = etag(&response)?;
        let again = get(&mut a, &site.target(&name), "")?;
        again.expect_field("ETag", &first)?;
    }
    scene.note("a file of 1994 → Last-Modified in 1994, and a strong ETag, each time");
    site.write("future", "x")?;
    site.date("future", SystemTime::now() + Duration::from_secs(3600))?;
    let response = get(&mut a, &site.target("future"), "")?;
    response.expect_status(200)?;
    let dates = ["Last-Modified", "Date"].map(|name| {
        let date = response.field(name).map(httpdate::parse_http_date);
        date.and_then(Result::ok).unwrap_or(SystemTime::UNIX_EPOCH)
    });
    let is_past = dates[0] <= dates[1];
    a.expect_fact("Last-Modified", "no later than Date", "later", is_past)?;
    scene.note("a file of the future → Last-Modified isn't later than Date");
    Ok(())
}

fn another_version_has_another_tag(scene: &mut Scene) -> Attempt {
    let site = scene.site()?;
    let mut a = scene.connect_with(Options::QUIET)?;
    for length in LENGTHS {
        let mut versions = Versions::default();
        let mut content = noise(length);
        site.write("file", &content)?;
        versions.await_content(&mut a, &site, &content)?;
        for change in ["written anew", "replaced", "written anew, with its old date"] {
            pass_a_tick();
            content.rotate_left(1);
            match change {
                "replaced" => {
                    site.write("next", &content)?;
                    site.done(fs::rename(site.place("next"), site.place("file")))?;
                    site.date("file", date())?;
                }
                "written anew" => site.write("file", &content)?,
                _ => {
                    site.write("file", &content)?;
                    site.date("file", date())?;
                }
            }
            versions.await_content(&mut a, &site, &content)?;
            scene.note(format!("a file of {}, {change} → another ETag", amount(length)));
        }
        site.done(fs::remove_file(site.place("file")))?;
    }
    Ok(())
}

/// What was served under each tag.
#[derive(Default)]
struct Versions {
    seen: HashMap<String, Vec<u8>>,
}

impl Versions {
    /// Asks until this is served, as long as a change may go unnoticed; no tag may stand for two
    /// contents.
    fn await_content(
        &mut self,
        client: &mut Client,
        site: &Site,
        content: &[u8],
    ) -> Attempt {
        let mut notice = Notice::start();
        loop {
            let is_late = notice.is_over();
            let response = get(client, &site.target("file"), "")?;
            response.expect_status(200)?;
            let body = response.body.clone();
            let former = self.seen.entry(etag(&response)?).or_insert(body);
            let is_same = *former == response.body;
            let what = "another content's ETag";
            client.expect_fact(what, "another one", "the same", is_same)?;
            if is_late || response.body == content {
                return response.expect_body(content);
            }
            thread::sleep(Duration::from_millis(20));
        }
    }
}

fn conditions_are_heeded_in_their_order(scene: &mut Scene) -> Attempt {
    let site = scene.site()?;
    let mut a = scene.connect_with(Options::QUIET)?;
    for length in LENGTHS {
        let name = site.write_noise(length)?;
        site.date(&name, date())?;
        let target = site.target(&name);
        let tag = etag(&get(&mut a, &target, "")?)?;
        let own_length = length.to_string();
        for (fields, status) in TABLE {
            let said = fields.join(", ");
            let fields: String = fields.map(|field| format!("{field}\r\n")).concat();
            let fields = fields.replace("TAG", &tag).replace("DATE", DATE);
            let fields = fields.replace("BEFORE", BEFORE).replace("AFTER", AFTER);
            let fields = fields.replace("\r\n\r\n", "\r\n");
            for method in ["GET", "HEAD"] {
                let response = ask(method, &mut a, &target, &fields)?;
                let with = fields.trim_end().replace("\r\n", ", ");
                response
                    .expect_status_of(format_args!("{method} with {with}"), status)?;
                if status == 304 {
                    response.expect_field("ETag", &tag)?;
                    // RFC 9110, section 8.6: that of the file, if there is one.
                    let said = response.field("Content-Length").unwrap_or(&own_length);
                    response.expect_fact(
                        "the field Content-Length",
                        &*own_length,
                        said,
                    )?;
                }
            }
            if length == LENGTHS[0] {
                scene.note(format!("{} → {status}", said.trim_end_matches(", ")));
            }
        }
        scene.note(format!("all of this for a file of {}", amount(length)));
    }
    Ok(())
}

/// TAG is the file's own; DATE is that of its last change, BEFORE and AFTER are a second off.
const TABLE: [([&str; 2], u16); 30] = [
    (["If-None-Match: TAG", ""], 304),
    (["If-None-Match: W/TAG", ""], 304),
    (["If-None-Match: \"x\", TAG", ""], 304),
    (["If-None-Match: \"a,b\" , W/\"y\",TAG", ""], 304),
    (["If-None-Match: \"x\"", "If-None-Match: TAG"], 304),
    (["If-None-Match: *", ""], 304),
    (["If-None-Match: \"x,*,y\"", ""], 200),
    (["If-None-Match: \"x\"", ""], 200),
    (["If-None-Match: x", ""], 200),
    (["If-Modified-Since: DATE", ""], 304),
    (["If-Modified-Since: Sunday, 06-Nov-94 08:49:37 GMT", ""], 304),
    (["If-Modified-Since: BEFORE", ""], 200),
    (["If-Modified-Since: AFTER", ""], 304),
    (["If-Modified-Since: yesterday", ""], 200),
    (["If-None-Match: \"x\"", "If-Modified-Since: DATE"], 200),
    (["If-None-Match: \"x\"", "If-Modified-Since: AFTER"], 200),
    (["If-None-Match: TAG", "If-Modified-Since: BEFORE"], 304),
    (["If-Match: TAG", ""], 200),
    (["If-Match: *", ""], 200),
    (["If-Match: \"x\", TAG", ""], 200),
    (["If-Match: \"x\"", ""], 412),
    (["If-Match: W/TAG", ""], 412),
    (["If-Unmodified-Since: DATE", ""], 200),
    (["If-Unmodified-Since: BEFORE", ""], 412),
    (["If-Unmodified-Since: AFTER", ""], 200),
    (["If-Unmodified-Since: yesterday", ""], 200),
    (["If-Match: TAG", "If-Unmodified-Since: BEFORE"], 200),
    (["If-Match: \"x\"", "If-None-Match: TAG"], 412),
    (["If-Match: TAG", "If-None-Match: TAG"], 304),
    (["If-Unmodified-Since: BEFORE", "If-Modified-Since: DATE"], 412),
];

fn a_head_with_a_condition_has_the_fields_of_its_get(scene: &mut Scene) -> Attempt {
    let site = scene.site()?;
    site.write("small.txt", "small\n")?;
    site.write("large.bin", noise(100_000))?;
    let mut a = scene.connect_with(Options::QUIET)?;
    for (name, condition, status) in [
        ("small.txt", "If-None-Match: *", 304),
        ("large.bin", "If-None-Match: *", 304),
        ("small.txt", "If-Match: \"x\"", 412),
        ("large.bin", "If-Match: \"x\"", 412),
        ("missing", "If-Match: *", 404),
        ("missing", "If-None-Match: *", 404),
    ] {
        let fields = format!("{condition}\r\n");
        let of_get = get(&mut a, &site.target(name), &fields)?;
        of_get.expect_status(status)?;
        let of_head = ask("HEAD", &mut a, &site.target(name), &fields)?;
        of_head.expect_status(status)?;
        of_head.expect_fields_of(&of_get, name)?;
        scene.note(format!("HEAD {name} {condition} → {status}, as GET"));
    }
    // A body behind one of them would be taken for this response.
    get(&mut a, &site.target("small.txt"), "")?.expect_body("small\n")
}

/// Tools that make each build the same give all files such a date.
fn a_file_from_the_epoch_has_no_date(scene: &mut Scene) -> Attempt {
    let site = scene.site()?;
    let mut a = scene.connect_with(Options::QUIET)?;
    for seconds in [0, 1, 2] {
        let name = seconds.to_string();
        site.write(&name, "x")?;
        site.date(&name, SystemTime::UNIX_EPOCH + Duration::from_secs(seconds))?;
        let response = get(&mut a, &site.target(&name), "")?;
        response.expect_status(200)?;
        etag(&response)?;
        match seconds {
            2 => {
                response.expect_field("Last-Modified", "Thu, 01 Jan 1970 00:00:02 GMT")?
            }
            _ => response.expect_no_field("Last-Modified")?,
        }
        let since = format!("If-Modified-Since: {DATE}\r\n");
        let status = if seconds == 2 { 304 } else { 200 };
        get(&mut a, &site.target(&name), &since)?.expect_status(status)?;
    }
    scene.note("files of the epoch and a second later → an ETag and no date");
    scene.note("one of two seconds later → its date, and a condition on it is heeded");
    Ok(())
}
