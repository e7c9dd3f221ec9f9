//! Which version of a file a client has already: RFC 9110, sections 8.8 and 13.

use std::collections::HashMap;
use std::fs;
use std::thread;
use std::time::{Duration, Instant, SystemTime};

use rustix::time::{ClockId, clock_gettime};

use super::http::{lasting_fields, request};
use crate::check::{Attempt, Check};
use crate::client::Client;
use crate::http_client::Response;
use crate::scene::Scene;
use crate::site::{Site, noise};
use crate::sockets::Pause;
use crate::transcript::amount;

pub const CHECKS: &[Check] = &[
    Check::new(
        9,
        "a_file_says_which_version_it_is",
        "A file comes with a strong ETag and with the date of its last change.",
        a_file_says_which_version_it_is,
    ),
    Check::new(
        9,
        "another_version_has_another_tag",
        "When a file has changed its ETag has: written anew, replaced, or with an old date.",
        another_version_has_another_tag,
    ),
    Check::new(
        9,
        "a_head_has_the_fields_of_its_get",
        "HEAD of a file, a folder or what is missing has the fields of GET, and no body.",
        a_head_has_the_fields_of_its_get,
    ),
    Check::new(
        9,
        "conditions_are_heeded_in_their_order",
        "Preconditions are evaluated as RFC 9110, section 13.2.2, has it: 200, 304 or 412.",
        conditions_are_heeded_in_their_order,
    ),
    Check::new(
        9,
        "a_change_is_noticed_within_a_second",
        "What is put into the folder, changed or deleted is so for clients in a second.",
        a_change_is_noticed_within_a_second,
    ),
];

/// The response to GET with these fields, without a word in the transcript.
pub(super) fn get(client: &mut Client, target: &str, fields: &str) -> Attempt<Response> {
    ask("GET", client, target, fields)
}

pub(super) fn ask(
    method: &str,
    client: &mut Client,
    target: &str,
    fields: &str,
) -> Attempt<Response> {
    let line = format!("{method} {target} HTTP/1.1\r\nHost: localhost");
    client.send_unnoted(format!("{line}\r\n{fields}\r\n").as_bytes())?;
    client.quiet_response(method)
}

pub(super) fn etag(response: &Response) -> Attempt<String> {
    let etag = response.field("ETag").unwrap_or_default();
    let is_strong = etag.len() > 2 && etag.starts_with('"') && etag.ends_with('"');
    let received = if is_strong { "a strong one" } else { etag };
    response.expect_fact("the field ETag", "a strong one", received)?;
    Ok(etag.to_string())
}

/// As RFC 9110 writes it in its examples.
const DATE: &str = "Sun, 06 Nov 1994 08:49:37 GMT";
pub(super) const BEFORE: &str = "Sun, 06 Nov 1994 08:49:36 GMT";
pub(super) const AFTER: &str = "Sun, 06 Nov 1994 08:49:38 GMT";

pub(super) fn date() -> SystemTime {
    httpdate::parse_http_date(DATE).expect("it is one")
}

/// What a server may have in memory, and what it sends from the file.
const LENGTHS: [usize; 2] = [10, 100_000];

fn a_file_says_which_version_it_is(scene: &mut Scene) -> Attempt {
    let site = scene.site()?;
    let mut a = scene.connect_quietly()?;
    for length in LENGTHS {
        let name = format!("{length}.bin");
        site.write(&name, noise(length))?;
        site.date(&name, date())?;
        let response = get(&mut a, &site.target(&name), "")?;
        response.expect_status(200)?;
        response.expect_field("Accept-Ranges", "bytes")?;
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
    let mut a = scene.connect_quietly()?;
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

/// A change leaves its mark in the file's times if the clock from which they come has gone on
/// since the last: before Linux 6.13 that is the coarse one of clock_gettime(2).
fn pass_a_tick() {
    let now = || clock_gettime(ClockId::RealtimeCoarse);
    let (before, mut pause) = (now(), Pause::new());
    while now() == before {
        pause.sleep();
    }
}

/// What was served under each tag.
#[derive(Default)]
struct Versions {
    seen: HashMap<String, Vec<u8>>,
}

impl Versions {
    /// Asks until this is served, for a second at most; no tag may stand for two contents.
    fn await_content(
        &mut self,
        client: &mut Client,
        site: &Site,
        content: &[u8],
    ) -> Attempt {
        let start = Instant::now();
        loop {
            let is_late = start.elapsed() > Duration::from_secs(1);
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

fn a_head_has_the_fields_of_its_get(scene: &mut Scene) -> Attempt {
    let site = scene.site()?;
    site.folder("sub")?;
    site.write("sub/index.html", "<p>the index\n")?;
    site.write("small.txt", "small\n")?;
    site.write("large.bin", noise(100_000))?;
    let mut a = scene.connect_quietly()?;
    for (name, fields, status) in [
        ("small.txt", "", 200),
        ("large.bin", "", 200),
        ("sub/", "", 200),
        ("sub", "", 301),
        ("missing", "", 404),
        ("small.txt", "If-None-Match: *\r\n", 304),
        ("large.bin", "If-Match: \"x\"\r\n", 412),
    ] {
        let of_get = get(&mut a, &site.target(name), fields)?;
        of_get.expect_status(status)?;
        let of_head = ask("HEAD", &mut a, &site.target(name), fields)?;
        of_head.expect_status(status)?;
        let what = format!("the fields of HEAD {name}");
        of_head.expect_fact(&what, lasting_fields(&of_get), lasting_fields(&of_head))?;
        let with = fields.replace("\r\n", " ");
        scene.note(format!("HEAD {name} {with}→ {status}, as GET"));
    }
    // A body behind one of them would be taken for this response.
    a.send(request("GET", &site.target("small.txt")))?;
    a.quiet_response("GET")?.expect_body("small\n")
}

fn conditions_are_heeded_in_their_order(scene: &mut Scene) -> Attempt {
    let site = scene.site()?;
    let mut a = scene.connect_quietly()?;
    for length in LENGTHS {
        let name = format!("{length}.bin");
        site.write(&name, noise(length))?;
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
                let what = format!("the status of {method} with {with}");
                response.expect_fact(&what, status, response.status)?;
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

fn a_change_is_noticed_within_a_second(scene: &mut Scene) -> Attempt {
    let site = scene.site()?;
    let mut a = scene.connect_quietly()?;
    site.expect_status(&mut a, &site.target("file"), 404)?;
    for (said, content) in [
        ("a file is put there", noise(100)),
        ("it is replaced by another", noise(200)),
        ("by one of 100,000 bytes", noise(100_000)),
        ("by one of 50,000 bytes", noise(50_000)),
    ] {
        pass_a_tick();
        site.write("next", &content)?;
        site.done(fs::rename(site.place("next"), site.place("file")))?;
        site.expect_soon(&mut a, "file", &content)?;
        scene.note(format!("{said} → it is served"));
    }
    for (said, content) in [
        ("it is cut to 20,000 bytes", noise(20_000)),
        ("to 30", noise(30)),
        ("to none", Vec::new()),
        ("and written anew", noise(100_000)),
    ] {
        pass_a_tick();
        site.write("file", &content)?;
        site.expect_soon(&mut a, "file", &content)?;
        scene.note(format!("{said} → it is served as it is"));
    }
    site.done(fs::remove_file(site.place("file")))?;
    site.expect_status_soon(&mut a, "file", 404)?;
    scene.note("it is deleted → 404");
    site.folder("file")?;
    site.expect_status_soon(&mut a, "file", 301)?;
    scene.note("a folder has its name → 301");
    Ok(())
}
