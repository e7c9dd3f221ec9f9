//! Parts of files: RFC 9110, section 14.

use super::validators::{AFTER, BEFORE, date, etag};
use crate::check::Check;
use crate::checks::files::fetching::{ask, expect_file, get};
use crate::client::Options;
use crate::evidence::failure::Attempt;
use crate::scene::Scene;
use crate::scene::site::noise;

pub const CHECKS: &[Check] = &[
    Check::new(
        13,
        "a_range_is_that_part_of_the_file",
        "A range is answered with 206, says which part it is, and is those bytes.",
        a_range_is_that_part_of_the_file,
    ),
    Check::new(
        13,
        "a_range_beyond_the_end_is_416",
        "When none of the ranges is there the answer is 416, and says how long the file is.",
        a_range_beyond_the_end_is_416,
    ),
    Check::new(
        13,
        "a_malformed_range_gets_the_whole_file",
        "A range that isn't one, of another unit, or of another method, gets no part.",
        a_malformed_range_gets_the_whole_file,
    ),
    Check::new(
        13,
        "a_range_is_of_the_version_it_names",
        "With If-Range a part is sent only of the same version, else the whole file.",
        a_range_is_of_the_version_it_names,
    ),
];

/// What a server may have in memory, and what it sends from the file.
pub(crate) const LENGTHS: [usize; 2] = [1000, 100_000];

pub(crate) fn range(set: &str) -> String {
    format!("Range: bytes={set}\r\n")
}

fn a_range_is_that_part_of_the_file(scene: &mut Scene) -> Attempt {
    let site = scene.site()?;
    let mut a = scene.connect_with(Options::QUIET)?;
    for length in LENGTHS {
        let content = noise(length);
        let name = site.write_noise(length)?;
        let whole = get(&mut a, &site.target(&name), "")?;
        whole.expect_field("Accept-Ranges", "bytes")?;
        let tag = etag(&whole)?;
        let end = length - 1;
        for (set, first, last) in [
            ("0-0".into(), 0, 0),
            ("7-8".into(), 7, 8),
            (format!("0-{end}"), 0, end),
            ("0-".into(), 0, end),
            ("700-".into(), 700, end),
            (format!("{end}-"), end, end),
            ("-1".into(), end, end),
            ("-900".into(), length - 900, end),
            ("-200000".into(), 0, end),
            ("500-99999999999999999999".into(), 500, end),
            ("1-2,200000-".into(), 1, 2),
        ] {
            let part = get(&mut a, &site.target(&name), &range(&set))?;
            part.expect_fact(&format!("the status of bytes={set}"), 206, part.status)?;
            let content_range = format!("bytes {first}-{last}/{length}");
            part.expect_field("Content-Range", &content_range)?;
            // Without it nobody could tell whether two parts are of one version.
            part.expect_field("ETag", &tag)?;
            part.expect_body(&content[first..=last])?;
            scene.note(format!("bytes={set} → 206, {first} to {last} of {length}"));
        }
        expect_file(&mut a, &site.target(&name), &content)?;
    }
    Ok(())
}

fn a_range_beyond_the_end_is_416(scene: &mut Scene) -> Attempt {
    let site = scene.site()?;
    let mut a = scene.connect_with(Options::QUIET)?;
    for length in LENGTHS {
        let name = site.write_noise(length)?;
        for set in [format!("{length}-"), "-0".into(), "200000-300000,100000-".into()] {
            let response = get(&mut a, &site.target(&name), &range(&set))?;
            response.expect_status_of(format_args!("bytes={set}"), 416)?;
            response.expect_field("Content-Range", &format!("bytes */{length}"))?;
            scene.note(format!("bytes={set} of {length} → 416"));
        }
    }
    // Content-Range can't name a part of nothing: a suffix may be the whole, which is empty.
    site.write("empty", "")?;
    for set in ["0-", "0-0", "-1"] {
        let response = get(&mut a, &site.target("empty"), &range(set))?;
        match response.status {
            416 => response.expect_field("Content-Range", "bytes */0")?,
            _ => {
                response.expect_status(200)?;
                response.expect_body("")?;
            }
        }
        scene.note(format!("bytes={set} of an empty file → none of it"));
    }
    Ok(())
}

fn a_malformed_range_gets_the_whole_file(scene: &mut Scene) -> Attempt {
    let site = scene.site()?;
    let mut a = scene.connect_with(Options::QUIET)?;
    let content = noise(1000);
    site.write("file", &content)?;
    let target = site.target("file");
    get(&mut a, &target, &range("1-2"))?.expect_status(206)?;
    for value in [
        "bytes=2-1",
        "bytes=0-1,2-1",
        "bytes=a-b",
        "bytes=1",
        "bytes=",
        "bytes=-",
        "bytes=+1-2",
        "bytes 1-2",
        "lines=1-2",
    ] {
        let response = get(&mut a, &target, &format!("Range: {value}\r\n"))?;
        let what = format!("the status of {value}");
        // RFC 9110, section 14.2: what is invalid may be ignored or refused.
        match response.status {
            400 | 416 if value.starts_with("bytes") => {}
            status => {
                response.expect_fact(&what, 200, status)?;
                response.expect_no_field("Content-Range")?;
                response.expect_body(&content)?;
            }
        }
        scene.note(format!("{value} → no part"));
        if matches!(response.field("Connection"), Some("close")) {
            a = scene.connect_with(Options::QUIET)?;
        }
    }
    let head = ask("HEAD", &mut a, &target, &range("0-1"))?;
    head.expect_status(200)?;
    head.expect_field("Content-Length", "1000")?;
    scene.note("HEAD with a range → 200, the whole length");
    Ok(())
}

fn a_range_is_of_the_version_it_names(scene: &mut Scene) -> Attempt {
    let site = scene.site()?;
    let mut a = scene.connect_with(Options::QUIET)?;
    for length in LENGTHS {
        let content = noise(length);
        let name = site.write_noise(length)?;
        site.date(&name, date())?;
        let target = site.target(&name);
        let first = get(&mut a, &target, "")?;
        let tag = etag(&first)?;
        let modified = first.field("Last-Modified").unwrap_or_default();
        for (said, validator, set, status) in [
            ("its ETag", &*tag, "5-6", 206),
            ("its ETag", &*tag, "999999-", 416),
            ("its ETag, weak", &*format!("W/{tag}"), "5-6", 200),
            ("another", "\"x\"", "5-6", 200),
            ("another", "\"x\"", "999999-", 200),
            ("an earlier date", BEFORE, "5-6", 200),
            ("a later date", AFTER, "5-6", 200),
        ] {
            let fields = format!("{}If-Range: {validator}\r\n", range(set));
            let response = get(&mut a, &target, &fields)?;
            response.expect_status_of(format_args!("bytes={set} of {said}"), status)?;
            match status {
                200 => response.expect_body(&content)?,
                206 => response.expect_body(&content[5..=6])?,
                _ => {}
            }
            scene.note(format!("bytes={set} of {said} → {status}"));
        }
        // A date is strong or not, as the server knows (RFC 9110, section 8.8.2.2).
        let fields = format!("{}If-Range: {modified}\r\n", range("5-6"));
        let response = get(&mut a, &target, &fields)?;
        match response.status {
            206 => response.expect_body(&content[5..=6])?,
            _ => {
                response.expect_status(200)?;
                response.expect_body(&content)?;
            }
        }
        scene.note("of its date → the part or the whole");
    }
    Ok(())
}
