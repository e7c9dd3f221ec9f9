//! Files where links and pastes could be: step 11, and from there on.

use std::fs;

use super::fetching::get;
use crate::check::Check;
use crate::checks::keeping::posting::posted;
use crate::client::Options;
use crate::evidence::failure::Attempt;
use crate::scene::Scene;

pub const CHECKS: &[Check] = &[
    Check::new(
        11,
        "a_folder_is_found_though_its_path_takes_posts",
        "A folder that has the path of a route for POST is found by GET.",
        a_folder_is_found_though_its_path_takes_posts,
    ),
    Check::new(
        11,
        "no_key_hides_a_file",
        "No key is given whose place is a file's, and a file comes before an older key.",
        no_key_hides_a_file,
    ),
];

fn a_folder_is_found_though_its_path_takes_posts(scene: &mut Scene) -> Attempt {
    let _site = scene.site_below("p")?;
    let mut a = scene.connect()?;
    let response = get(&mut a, "/p", "")?;
    response.expect_status(301)?;
    response.expect_location("/p", "/p/")?;
    scene.note("GET /p → 301, /p/: there is such a folder");
    Ok(())
}

fn no_key_hides_a_file(scene: &mut Scene) -> Attempt {
    let site = scene.site_below("s")?;
    let mut a = scene.connect_with(Options::QUIET)?;
    let key = site.path.trim_start_matches("/s/");
    let (older, newer) = (format!("{key}-older"), format!("{key}-newer"));
    let file = |key: &str| site.place(&format!("../{key}"));
    let make = |key: &str| site.done(fs::write(file(key), "a file\n"));

    make(&older)?;
    let refused = posted(&mut a, &format!("/s?key={older}"), b"https://example.org/")?;
    refused.expect_status(409)?;
    scene.note("a key that is a file's name → 409");

    let taken = posted(&mut a, &format!("/s?key={newer}"), b"https://example.org/")?;
    taken.expect_status(201)?;
    make(&newer)?;
    for key in [&older, &newer] {
        get(&mut a, &format!("/s/{key}"), "")?.expect_body("a file\n")?;
        scene.note("GET of the name → the file");
    }
    for key in [&older, &newer] {
        site.done(fs::remove_file(file(key)))?;
    }
    Ok(())
}
