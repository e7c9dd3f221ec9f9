//! A folder's files: step 11, and from there on.

use std::ffi::OsStr;
use std::fs;
use std::os::unix::ffi::OsStrExt;

use super::fetching::{ask, expect_file, expect_status, get};
use crate::check::Check;
use crate::client::Options;
use crate::client::http::requests::request;
use crate::evidence::failure::Attempt;
use crate::evidence::text::grouped;
use crate::scene::Scene;
use crate::scene::site::noise;

pub const CHECKS: &[Check] = &[
    Check::new(
        11,
        "a_file_comes_back_byte_for_byte",
        "A file is served as it is: an empty one, a small one, one of 3 MiB.",
        a_file_comes_back_byte_for_byte,
    ),
    Check::new(
        11,
        "files_in_a_pipeline_come_in_order",
        "Files of all sizes asked for in one write come back in order.",
        files_in_a_pipeline_come_in_order,
    ),
    Check::new(
        11,
        "a_name_may_hold_any_byte",
        "A file is found under its name, escaped, whatever bytes the name has.",
        a_name_may_hold_any_byte,
    ),
    Check::new(
        11,
        "an_escaped_slash_separates_nothing",
        "A slash that is escaped is part of a name, and no file's name has one: 404.",
        an_escaped_slash_separates_nothing,
    ),
    Check::new(
        11,
        "a_name_says_the_type",
        "A name's end says the Content-Type; text is said to be UTF-8, unless it may say so itself.",
        a_name_says_the_type,
    ),
    Check::new(
        11,
        "a_head_has_the_fields_of_its_get",
        "HEAD of a file, a folder or what is missing has the fields of GET, and no body.",
        a_head_has_the_fields_of_its_get,
    ),
    Check::new(
        11,
        "an_svgz_is_an_svg_that_is_compressed",
        "The name of a compressed SVG says both its type and its coding.",
        an_svgz_is_an_svg_that_is_compressed,
    ),
    Check::new(
        11,
        "raw_utf8_leads_to_its_encoded_spelling",
        "A GET whose target is raw UTF-8 is redirected to the encoded spelling; a POST is 400.",
        raw_utf8_leads_to_its_encoded_spelling,
    ),
];

fn a_file_comes_back_byte_for_byte(scene: &mut Scene) -> Attempt {
    let site = scene.site()?;
    let mut a = scene.connect_with(Options::QUIET)?;
    for length in [0, 1, 65_535, 65_536, 65_537, 3 << 20] {
        let content = noise(length);
        let name = site.write_noise(length)?;
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
    let mut a = scene.connect_with(Options::QUIET)?;
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
    let mut a = scene.connect_with(Options::QUIET)?;
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
    let mut a = scene.connect_with(Options::QUIET)?;
    expect_file(&mut a, &site.target("sub/file"), b"x")?;
    for target in ["sub%2ffile", "sub%2Ffile", "sub%2f", "%2fsub/file", "sub/%2f/file"] {
        expect_status(&mut a, &site.target(target), 404)?;
        scene.note(format!("{target} → 404"));
    }
    Ok(())
}

fn a_name_says_the_type(scene: &mut Scene) -> Attempt {
    let site = scene.site()?;
    let mut a = scene.connect_with(Options::QUIET)?;
    for (name, media_type) in [
        ("a.html", "text/html"),
        ("a.HTM", "text/html"),
        ("a.xhtml", "application/xhtml+xml"),
        ("a.xml", "text/xml"),
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

fn a_head_has_the_fields_of_its_get(scene: &mut Scene) -> Attempt {
    let site = scene.site()?;
    site.folder("sub")?;
    site.write("sub/index.html", "<p>the index\n")?;
    site.write("small.txt", "small\n")?;
    site.write("large.bin", noise(100_000))?;
    let mut a = scene.connect_with(Options::QUIET)?;
    for (name, status) in [
        ("small.txt", 200),
        ("large.bin", 200),
        ("sub/", 200),
        ("sub", 301),
        ("missing", 404),
    ] {
        let of_get = get(&mut a, &site.target(name), "")?;
        of_get.expect_status(status)?;
        let of_head = ask("HEAD", &mut a, &site.target(name), "")?;
        of_head.expect_status(status)?;
        of_head.expect_fields_of(&of_get, name)?;
        scene.note(format!("HEAD {name} → {status}, as GET"));
    }
    // A body behind one of them would be taken for this response.
    a.send(request("GET", &site.target("small.txt")))?;
    a.quiet_response("GET")?.expect_body("small\n")
}

fn an_svgz_is_an_svg_that_is_compressed(scene: &mut Scene) -> Attempt {
    let site = scene.site()?;
    let mut a = scene.connect_with(Options::QUIET)?;
    for name in ["a.svgz", "a.SVGZ"] {
        let content = noise(100);
        site.write(name, &content)?;
        for method in ["GET", "HEAD"] {
            let response = ask(method, &mut a, &site.target(name), "")?;
            response.expect_status(200)?;
            response.expect_field("Content-Type", "image/svg+xml")?;
            response.expect_field("Content-Encoding", "gzip")?;
        }
        expect_file(&mut a, &site.target(name), &content)?;
        scene.note(format!("{name}: image/svg+xml, gzip"));
    }
    Ok(())
}

fn raw_utf8_leads_to_its_encoded_spelling(scene: &mut Scene) -> Attempt {
    let site = scene.site()?;
    site.folder("\u{e4}")?;
    site.write("\u{e4}/\u{20ac}.txt", "five\n")?;
    let mut a = scene.connect_with(Options::QUIET)?;
    for (raw, encoded) in [
        ("\u{e4}/\u{20ac}.txt", "%C3%A4/%E2%82%AC.txt"),
        ("%C3%A4/\u{20ac}.txt", "%C3%A4/%E2%82%AC.txt"),
        ("\u{e4}/%E2%82%AC.txt?\u{f6}", "%C3%A4/%E2%82%AC.txt?%C3%B6"),
        ("%C3%A4/%E2%82%AC.txt?a/\u{f6}", "%C3%A4/%E2%82%AC.txt?a/%C3%B6"),
    ] {
        let (raw, encoded) = (site.target(raw), site.target(encoded));
        for method in ["HEAD", "GET"] {
            let response = ask(method, &mut a, &raw, "")?;
            response.expect_status(301)?;
            response.expect_location(&raw, &encoded)?;
        }
        expect_file(&mut a, &encoded, b"five\n")?;
        scene.note(format!("{raw} → 301, {encoded}").replace(&site.path, "…"));
    }
    let mut b = scene.connect_with(Options::QUIET)?;
    ask("POST", &mut b, &site.target("\u{e4}"), "Content-Length: 0\r\n")?
        .expect_status(400)?;
    scene.note("POST → 400");
    // What is below `/p/` isn't for caches to keep.
    let below = ask("GET", &mut a, "/p/\u{e4}", "")?;
    below.expect_status(301)?;
    below.expect_field("Cache-Control", "no-store")
}
