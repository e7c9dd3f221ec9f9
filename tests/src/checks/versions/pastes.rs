//! Versions and parts of pastes: steps 12 and 13, and from there on.

use super::ranges::range;
use super::validators::{LENGTHS, etag};
use crate::check::Check;
use crate::checks::files::fetching::{ask, get};
use crate::checks::keeping::posting::{place_of, posted};
use crate::client::{Client, Options};
use crate::evidence::failure::Attempt;
use crate::evidence::text::amount;
use crate::scene::Scene;
use crate::scene::site::noise;

pub const CHECKS: &[Check] = &[
    Check::new(
        12,
        "a_paste_says_which_version_it_is",
        "A paste comes with a strong ETag, and conditions on it are heeded.",
        a_paste_says_which_version_it_is,
    ),
    Check::new(
        12,
        "a_paste_that_is_another_is_not_deleted",
        "DELETE of a paste with a condition that fails is 412, and the paste stays.",
        a_paste_that_is_another_is_not_deleted,
    ),
    Check::new(
        12,
        "a_link_that_is_another_is_not_deleted",
        "A link comes with an ETag, too, and DELETE with a condition that fails is 412.",
        a_link_that_is_another_is_not_deleted,
    ),
    Check::new(
        13,
        "a_range_of_a_paste_is_that_part_of_it",
        "A paste has ranges, too: 206, and 416 if there is nothing of them.",
        a_range_of_a_paste_is_that_part_of_it,
    ),
];

fn a_paste_says_which_version_it_is(scene: &mut Scene) -> Attempt {
    let mut a = scene.connect_with(Options::QUIET)?;
    let mut tags = Vec::new();
    for length in LENGTHS {
        let paste = noise(length);
        let place = place_of(&posted(&mut a, "/p", &paste)?, "/p")?;
        let response = get(&mut a, &place, "")?;
        response.expect_body(&paste)?;
        let tag = etag(&response)?;
        get(&mut a, &place, "")?.expect_field("ETag", &tag)?;
        for (condition, status) in [
            ("If-None-Match: TAG", 304),
            ("If-None-Match: W/TAG", 304),
            ("If-None-Match: *", 304),
            ("If-None-Match: \"x\"", 200),
            ("If-Match: TAG", 200),
            ("If-Match: *", 200),
            ("If-Match: \"x\"", 412),
        ] {
            let fields = format!("{}\r\n", condition.replace("TAG", &tag));
            for method in ["GET", "HEAD"] {
                let response = ask(method, &mut a, &place, &fields)?;
                response.expect_status_of(
                    format_args!("{method} with {condition}"),
                    status,
                )?;
                response.expect_field("ETag", &tag)?;
            }
            scene.note(format!("a paste of {}, {condition} → {status}", amount(length)));
        }
        tags.push(tag);
    }
    let is_another = tags[0] != tags[1];
    a.expect_fact("the ETag of another paste", "another", "the same", is_another)
}

fn a_paste_that_is_another_is_not_deleted(scene: &mut Scene) -> Attempt {
    let mut a = scene.connect()?;
    let place = place_of(&posted(&mut a, "/p?key=mine", b"mine")?, "/p")?;
    a.note("makes a paste, and asks for its ETag");
    expect_only_its_own_deleted(&mut a, &place, 200)
}

/// A GET is redirected whatever it says, as conditions are heeded where a 2xx would be the answer
/// (RFC 9110, section 13.2.1).
fn a_link_that_is_another_is_not_deleted(scene: &mut Scene) -> Attempt {
    let mut a = scene.connect()?;
    let place = place_of(&posted(&mut a, "/s?key=mine", b"https://example.org/")?, "/s")?;
    a.note("makes a link, and asks for its ETag");
    expect_only_its_own_deleted(&mut a, &place, 302)
}

/// `found` is the status of what is there.
fn expect_only_its_own_deleted(a: &mut Client, place: &str, found: u16) -> Attempt {
    let tag = etag(&get(a, place, "")?)?;
    for (condition, status) in [
        ("If-Match: \"x\"", 412),
        ("If-Match: W/TAG", 412),
        ("If-Match: \"x\" TAG", 412),
        ("If-None-Match: *", 412),
        ("If-None-Match: TAG", 412),
        ("If-Match: \"x\", TAG", 204),
        ("If-Match: *", 404),
    ] {
        let fields = format!("{}\r\n", condition.replace("TAG", &tag));
        let response = ask("DELETE", a, place, &fields)?;
        response.expect_status_of(format_args!("DELETE with {condition}"), status)?;
        let is_there = if status == 412 { found } else { 404 };
        get(a, place, "")?.expect_status(is_there)?;
        a.note(format!("DELETE, {condition} → {status}; and then GET → {is_there}"));
    }
    Ok(())
}

fn a_range_of_a_paste_is_that_part_of_it(scene: &mut Scene) -> Attempt {
    let mut a = scene.connect_with(Options::QUIET)?;
    for length in LENGTHS {
        let paste = noise(length);
        let place = place_of(&posted(&mut a, "/p", &paste)?, "/p")?;
        let (half, end) = (length / 2, length - 1);
        let (set, from) =
            (format!("{half}-{end}"), format!("bytes {half}-{end}/{length}"));
        let part = get(&mut a, &place, &range(&set))?;
        part.expect_status(206)?;
        part.expect_field("Content-Type", "text/plain; charset=utf-8")?;
        part.expect_field("Content-Range", &from)?;
        part.expect_body(&paste[half..])?;
        scene.note(format!("bytes={set} of a paste → 206"));
        let beyond = get(&mut a, &place, &range(&format!("{length}-")))?;
        beyond.expect_status(416)?;
        scene.note(format!("bytes={length}- of it → 416"));
    }
    Ok(())
}
