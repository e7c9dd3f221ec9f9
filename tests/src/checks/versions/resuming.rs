//! Parts of files as those who ask for them use them: downloads that broke off, and huge files.

use std::fs;

use super::ranges::range;
use crate::check::Check;
use crate::checks::files::fetching::get;
use crate::checks::visitors::curl;
use crate::client::Options;
use crate::evidence::failure::{Attempt, Failure};
use crate::evidence::text::amount;
use crate::scene::Scene;
use crate::scene::site::noise;
use crate::system::tool::Tool;

pub const CHECKS: &[Check] = &[
    Check::new(
        13,
        "curl_resumes_where_it_broke_off",
        "curl goes on with half a file, and gets only what it lacks.",
        curl_resumes_where_it_broke_off,
    )
    .needs(&[Tool::Curl]),
    Check::new(
        13,
        "a_range_of_eight_gibibytes_is_found",
        "Ranges of a file of 8 GiB are found: the last bytes, and ones beyond 4 GiB.",
        a_range_of_eight_gibibytes_is_found,
    ),
];

fn curl_resumes_where_it_broke_off(scene: &mut Scene) -> Attempt {
    let site = scene.site()?;
    let place = |error| Failure::own("write a file for curl", error);
    let folder = tempfile::tempdir().map_err(place)?;
    for (length, there) in [(1000, 300), (3 << 20, 1_000_001)] {
        let content = noise(length);
        let name = site.write_noise(length)?;
        let half = folder.path().join(&name);
        fs::write(&half, &content[..there]).map_err(place)?;
        let output = half.to_string_lossy();
        let printed = "%{http_code} %{size_download}";
        let resume = ["--continue-at", "-", "--output", &output, "--write-out", printed];
        let visit = curl(scene, &resume, &[&site.target(&name)])?;
        let expected = format!("206 {}", length - there);
        if visit.stdout != expected {
            let what = "status and length of what curl gets";
            return Err(Failure::fact(what, expected, visit.stdout));
        }
        if fs::read(&half).map_err(place)? != content {
            return Err(Failure::fact("the file that curl has", "the same", "another"));
        }
        let [half, whole] = [there, length].map(amount);
        scene.note(format!("curl has {half} of {whole}, and gets the rest"));
    }
    Ok(())
}

fn a_range_of_eight_gibibytes_is_found(scene: &mut Scene) -> Attempt {
    const SIZE: u64 = 8 << 30;
    const MIDDLE: u64 = 4 << 30;
    let site = scene.site()?;
    site.sparse_with_end("huge", SIZE, b"the end")?;
    let mut a = scene.connect_with(Options::QUIET)?;
    for (set, content) in [
        (format!("{SIZE}-"), &b"the end"[..]),
        ("-3".into(), b"end"),
        (format!("{}-{}", SIZE - 2, SIZE + 2), b"\0\0the"),
        (format!("{}-{MIDDLE}", MIDDLE - 1), b"\0\0"),
    ] {
        let part = get(&mut a, &site.target("huge"), &range(&set))?;
        part.expect_status(206)?;
        part.expect_body(content)?;
        scene.note(format!("bytes={set} → 206, \"{}\"", content.escape_ascii()));
    }
    Ok(())
}
