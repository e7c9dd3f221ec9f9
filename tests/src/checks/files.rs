//! A folder's files: step 9, and from there on.

use std::ffi::OsStr;
use std::fs;
use std::os::unix::ffi::OsStrExt;
use std::thread;
use std::time::{Duration, Instant};

use super::http::request;
use crate::check::{Attempt, Check};
use crate::client::Client;
use crate::http_client::Response;
use crate::scene::Scene;
use crate::site::{Site, noise};
use crate::transcript::grouped;

/// So long a server may take a file for what it was.
const SOON: Duration = Duration::from_secs(1);

pub const CHECKS: &[Check] = &[
    Check::new(
        9,
        "a_file_comes_back_byte_for_byte",
        "A file is served as it is: an empty one, a small one, one of 3 MiB.",
        a_file_comes_back_byte_for_byte,
    ),
    Check::new(
        9,
        "files_in_a_pipeline_come_in_order",
        "Files of all sizes asked for in one write come back in order.",
        files_in_a_pipeline_come_in_order,
    ),
    Check::new(
        9,
        "a_name_may_hold_any_byte",
        "A file is found under its name, escaped, whatever bytes the name has.",
        a_name_may_hold_any_byte,
    ),
    Check::new(
        9,
        "an_escaped_slash_separates_nothing",
        "A slash that is escaped is part of a name, and no file's name has one: 404.",
        an_escaped_slash_separates_nothing,
    ),
    Check::new(
        9,
        "a_name_says_the_type",
        "The end of a file's name says its Content-Type; text is said to be UTF-8.",
        a_name_says_the_type,
    ),
    Check::new(
        9,
        "a_folder_is_its_index",
        "A folder is answered with its index.html, or with 404 if it has none.",
        a_folder_is_its_index,
    ),
    Check::new(
        9,
        "a_folder_without_a_slash_is_elsewhere",
        "A folder asked for without a slash at the end is 301 to the one with it.",
        a_folder_without_a_slash_is_elsewhere,
    ),
];

fn a_file_comes_back_byte_for_byte(scene: &mut Scene) -> Attempt {
    let site = scene.site()?;
    let mut a = scene.connect_quietly()?;
    for length in [0, 1, 65_535, 65_536, 65_537, 3 << 20] {
        let content = noise(length);
        // Each has its own name: a server may keep a file open for a second.
        let name = format!("{length}.bin");
        site.write(&name, &content)?;
        a.send(request("HEAD", &site.target(&name)))?;
        let head = a.response_to("HEAD")?;
        head.expect_status(200)?;
        head.expect_field("Content-Length", &length.to_string())?;
        expect_file(&mut a, &site.target(&name), &content)?;
        scene.note(format!(
            "a file of {} bytes is served as it is",
            grouped(length as u64)
        ));
    }
    Ok(())
}

fn files_in_a_pipeline_come_in_order(scene: &mut Scene) -> Attempt {
    let site = scene.site()?;
    let (small, large) = (noise(100), noise(300_000));
    site.write("small", &small)?;
    site.write("large", &large)?;
    site.write("empty", "")?;
    let empty = Vec::new();
    let round: [(&str, &str, u16, &[u8]); 7] = [
        ("GET", "small", 200, &small),
        ("GET", "large", 200, &large),
        ("HEAD", "large", 200, &large),
        ("GET", "empty", 200, &empty),
        ("GET", "missing", 404, &empty),
        ("HEAD", "small", 200, &small),
        ("GET", "small", 200, &small),
    ];
    let requests = round.map(|(method, name, ..)| request(method, &site.target(name)));
    let mut a = scene.connect_quietly()?;
    a.send(requests.concat().repeat(5))?;
    for _ in 0..5 {
        for (method, _, status, content) in round {
            let response = a.quiet_response(method)?;
            response.expect_status(status)?;
            if status == 200 {
                response.expect_field("Content-Length", &content.len().to_string())?;
            }
            if status == 200 && method == "GET" {
                response.expect_body(content)?;
            }
        }
    }
    scene.note("35 requests for files in one write → 35 responses, in order");
    a.expect_silence()
}

fn a_name_may_hold_any_byte(scene: &mut Scene) -> Attempt {
    let site = scene.site()?;
    let names: [&[u8]; 14] = [
        b"two words",
        "na\u{ef}ve \u{2603}.txt".as_bytes(),
        b"100%",
        b"%2e%2e",
        b"a+b",
        b"a?b#c",
        b"a\\b",
        b"a:b",
        b"...",
        b"..a",
        b"<\"'>",
        b"new\nline",
        b"\x01\x7f",
        b"\xff\xfe",
    ];
    let mut a = scene.connect_quietly()?;
    for name in names {
        let place = site.place("").join(OsStr::from_bytes(name));
        site.done(fs::write(place, name))?;
        let escape = |byte: &u8| format!("%{byte:02X}");
        let escaped: String = name.iter().map(escape).collect();
        for escaped in [escaped.to_lowercase(), escaped] {
            expect_file(&mut a, &site.target(&escaped), name)?;
        }
        scene.note(format!("\"{}\" is found", name.escape_ascii()));
    }
    expect_file(&mut a, &site.target("a+b"), b"a+b")?;
    expect_file(&mut a, &site.target("a+b?x=y"), b"a+b")?;
    expect_file(&mut a, &format!("/{}", site.target("./x/..//a%2bb")), b"a+b")?;
    scene.note("\"a+b\" is found with a query, and by way of dots and double slashes");
    Ok(())
}

fn an_escaped_slash_separates_nothing(scene: &mut Scene) -> Attempt {
    let site = scene.site()?;
    site.folder("sub")?;
    site.write("sub/file", "x")?;
    site.write("sub/index.html", "x")?;
    let mut a = scene.connect_quietly()?;
    expect_file(&mut a, &site.target("sub/file"), b"x")?;
    for target in ["sub%2ffile", "sub%2Ffile", "sub%2f", "%2fsub/file", "sub/%2f/file"] {
        site.expect_status(&mut a, &site.target(target), 404)?;
        scene.note(format!("{target} → 404"));
    }
    Ok(())
}

fn a_name_says_the_type(scene: &mut Scene) -> Attempt {
    let site = scene.site()?;
    let mut a = scene.connect_quietly()?;
    for (name, media_type) in [
        ("a.html", "text/html; charset=utf-8"),
        ("a.HTM", "text/html; charset=utf-8"),
        ("a.css", "text/css; charset=utf-8"),
        ("a.js", "text/javascript; charset=utf-8"),
        ("a.txt", "text/plain; charset=utf-8"),
        ("a.json", "application/json"),
        ("a.svg", "image/svg+xml"),
        ("a.png", "image/png"),
        ("a.min.jpeg", "image/jpeg"),
        ("a.pdf", "application/pdf"),
        ("a.wasm", "application/wasm"),
        ("a.woff2", "font/woff2"),
        ("html", "application/octet-stream"),
        ("a.", "application/octet-stream"),
        ("a.no-such-type", "application/octet-stream"),
    ] {
        site.write(name, "x")?;
        a.send(request("GET", &site.target(name)))?;
        let response = a.quiet_response("GET")?;
        response.expect_status(200)?;
        response.expect_field("Content-Type", media_type)?;
        scene.note(format!("{name}: {media_type}"));
    }
    Ok(())
}

fn a_folder_is_its_index(scene: &mut Scene) -> Attempt {
    let site = scene.site()?;
    site.folder("with")?;
    site.folder("without")?;
    site.folder("odd/index.html")?;
    site.write("with/index.html", "<p>the index\n")?;
    let mut a = scene.connect_quietly()?;
    for target in ["with/", "with/?a=b", "with/.", "without/../with/"] {
        a.send(request("GET", &site.target(target)))?;
        let response = a.quiet_response("GET")?;
        response.expect_status(200)?;
        response.expect_field("Content-Type", "text/html; charset=utf-8")?;
        response.expect_body("<p>the index\n")?;
        scene.note(format!("{target} → the index of with"));
    }
    for target in ["without/", "odd/", "with/index.html/", "missing/"] {
        a.send(request("GET", &site.target(target)))?;
        a.quiet_response("GET")?.expect_status(404)?;
        scene.note(format!("{target} → 404"));
    }
    Ok(())
}

fn a_folder_without_a_slash_is_elsewhere(scene: &mut Scene) -> Attempt {
    let site = scene.site()?;
    site.folder("sub/two words")?;
    let mut a = scene.connect_quietly()?;
    for (target, location) in [
        ("sub", "sub/"),
        ("sub?a=b&c=%20/d", "sub/?a=b&c=%20/d"),
        ("sub/two%20words", "sub/two%20words/"),
        ("./x/../sub", "sub/"),
    ] {
        let location = site.target(location);
        expect_redirect(&mut a, &site.target(target), &location)?;
        scene.note(format!("{target} → 301, {}", location.replace(&site.path, "…")));
    }
    // `//sub/` as a location would be another host.
    let twice = format!("/{}", site.target("sub"));
    expect_redirect(&mut a, &twice, &site.target("sub/"))?;
    scene.note("with a double slash at the start → 301, with a single one");
    Ok(())
}

fn expect_redirect(client: &mut Client, target: &str, location: &str) -> Attempt {
    client.send(request("GET", target))?;
    let response = client.quiet_response("GET")?;
    response.expect_status(301)?;
    response.expect_field("Location", location)
}

/// GET gives exactly these bytes; the connection stays.
pub(super) fn expect_file(client: &mut Client, target: &str, content: &[u8]) -> Attempt {
    client.send(request("GET", target))?;
    let response = client.quiet_response("GET")?;
    response.expect_fact(&format!("the status of {target}"), 200, response.status)?;
    response.expect_body(content)
}

impl Site {
    /// GET gives these bytes, now or in a second at most.
    pub(super) fn expect_soon(
        &self,
        client: &mut Client,
        name: &str,
        content: &[u8],
    ) -> Attempt {
        let last = self.soon(client, name, |response| response.body == content)?;
        last.expect_status(200)?;
        last.expect_body(content)
    }

    /// GET gives this status, now or in a second at most.
    pub(super) fn expect_status_soon(
        &self,
        client: &mut Client,
        name: &str,
        status: u16,
    ) -> Attempt {
        let last = self.soon(client, name, |response| response.status == status)?;
        last.expect_status(status)
    }

    /// The first response that is as wished, or the one that is a second late.
    fn soon(
        &self,
        client: &mut Client,
        name: &str,
        is_it: impl Fn(&Response) -> bool,
    ) -> Attempt<Response> {
        let start = Instant::now();
        loop {
            let is_late = start.elapsed() > SOON;
            client.send(request("GET", &self.target(name)))?;
            let response = client.quiet_response("GET")?;
            if is_late || is_it(&response) {
                return Ok(response);
            }
            thread::sleep(Duration::from_millis(20));
        }
    }

    /// GET gives this status, whatever else.
    pub(super) fn expect_status(
        &self,
        client: &mut Client,
        target: &str,
        status: u16,
    ) -> Attempt {
        client.send(request("GET", target))?;
        let response = client.quiet_response("GET")?;
        response.expect_fact(&format!("the status of {target}"), status, response.status)
    }
}
