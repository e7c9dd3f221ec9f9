//! Several parts of a file in one response: RFC 9110, section 14.6.

use super::multipart::{Part, parts};
use super::ranges::{LENGTHS, range};
use super::validators::etag;
use crate::check::Check;
use crate::checks::files::fetching::{expect_file, get};
use crate::client::Options;
use crate::evidence::failure::Attempt;
use crate::evidence::text::amount;
use crate::scene::Scene;
use crate::scene::site::noise;

pub const CHECKS: &[Check] = &[
    Check::new(
        13,
        "several_ranges_come_in_parts",
        "Several ranges are answered with multipart/byteranges that has each of them.",
        several_ranges_come_in_parts,
    ),
    Check::new(
        13,
        "many_ranges_are_no_more_than_the_file",
        "However many ranges overlap, the answer is hardly longer than the file.",
        many_ranges_are_no_more_than_the_file,
    ),
];

fn several_ranges_come_in_parts(scene: &mut Scene) -> Attempt {
    let site = scene.site()?;
    let mut a = scene.connect_with(Options::QUIET)?;
    for length in LENGTHS {
        let content = noise(length);
        let name = format!("{length}.txt");
        site.write(&name, &content)?;
        let tag = etag(&get(&mut a, &site.target(&name), "")?)?;
        let (half, end) = (length / 2, length - 1);
        let ranges = [(half, half + length / 4), (10, 19), (end, end)];
        let set = ranges.map(|(first, last)| format!("{first}-{last}")).join(", ");
        let response = get(&mut a, &site.target(&name), &range(&set))?;
        response.expect_status(206)?;
        response.expect_no_field("Content-Range")?;
        response.expect_field("ETag", &tag)?;
        let parts = parts(&response, length)?;
        for Part { first, content: part, media_type } in &parts {
            response.expect_fact(
                "a part's type",
                "text/plain; charset=utf-8",
                media_type,
            )?;
            let is_same = content[*first..].starts_with(part);
            a.expect_fact("a part's bytes", "the file's", "other ones", is_same)?;
        }
        for (first, last) in ranges {
            let has = |part: &Part| {
                part.first <= first && last < part.first + part.content.len()
            };
            let what = format!("the part {first}-{last}");
            a.expect_fact(&what, "there", "missing", parts.iter().any(has))?;
        }
        scene.note(format!("bytes={set} of {length} → 206, each of them in a part"));
        expect_file(&mut a, &site.target(&name), &content)?;
    }
    Ok(())
}

fn many_ranges_are_no_more_than_the_file(scene: &mut Scene) -> Attempt {
    const LITTLE: usize = 8_000;
    let site = scene.site()?;
    let mut a = scene.connect_with(Options::QUIET)?;
    for length in LENGTHS {
        let name = site.write_noise(length)?;
        get(&mut a, &site.target(&name), &range("0-0"))?.expect_status(206)?;
        for (set, times) in [
            ("0-", 3),
            ("-900", 10),
            ("0-", 600),
            ("0-999", 300),
            ("0-0", 500),
            ("-900", 400),
            ("5-5,7-7", 200),
        ] {
            let many = vec![set; times].join(",");
            let response = get(&mut a, &site.target(&name), &range(&many))?;
            // RFC 9110, section 14.2: such a set may be ignored, coalesced or rejected.
            let status = response.status;
            let is_answer = matches!(status, 200 | 206 | 416);
            a.expect_fact("the status", "200, 206 or 416", status, is_answer)?;
            let (got, most) = (response.body.len(), length + LITTLE);
            let what = format!("bytes of the answer to {set}, {times} times");
            a.expect_fact(&what, format!("at most {most}"), got, got <= most)?;
            scene.note(format!(
                "bytes={set},{set},…, {times} times → hardly more than {}",
                amount(length)
            ));
        }
    }
    Ok(())
}
