//! Folders, and what becomes of them: step 11, and from there on.

use std::fs;

use super::fetching::{expect_soon, expect_status, expect_status_soon, get, pass_a_tick};
use crate::check::Check;
use crate::client::http::requests::request;
use crate::client::{Client, Options};
use crate::evidence::failure::Attempt;
use crate::scene::Scene;
use crate::scene::site::noise;

pub const CHECKS: &[Check] = &[
    Check::new(
        11,
        "a_folder_is_its_index",
        "A folder is answered with its index.html, or with 404 if it has none.",
        a_folder_is_its_index,
    ),
    Check::new(
        11,
        "a_folder_without_a_slash_is_elsewhere",
        "A folder asked for without a slash at the end is 301 to the one with it.",
        a_folder_without_a_slash_is_elsewhere,
    ),
    Check::new(
        11,
        "a_change_is_noticed_within_a_second",
        "What is put into the folder, changed or deleted is so for clients in a second.",
        a_change_is_noticed_within_a_second,
    ),
];

fn a_folder_is_its_index(scene: &mut Scene) -> Attempt {
    let site = scene.site()?;
    site.folder("with")?;
    site.folder("without")?;
    site.folder("odd/index.html")?;
    site.write("with/index.html", "<p>the index\n")?;
    let mut a = scene.connect_with(Options::QUIET)?;
    for target in ["with/", "with/?a=b", "with/.", "without/../with/"] {
        a.send(request("GET", &site.target(target)))?;
        let response = a.quiet_response("GET")?;
        response.expect_status(200)?;
        response.expect_field("Content-Type", "text/html")?;
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
    site.folder("sub/a:b")?;
    let mut a = scene.connect_with(Options::QUIET)?;
    for (target, location) in [
        ("sub", "sub/"),
        ("sub?a=b&c=%20/d", "sub/?a=b&c=%20/d"),
        ("sub/two%20words", "sub/two%20words/"),
        ("sub/%74wo%20words?", "sub/two%20words/"),
        ("./x/../sub", "sub/"),
        ("%73ub", "sub/"),
    ] {
        let location = site.target(location);
        expect_redirect(&mut a, &site.target(target), &location)?;
        scene.note(format!("{target} → 301, {}", location.replace(&site.path, "…")));
    }
    // As a reference it could be taken for the scheme a.
    let colon = site.target("sub/a:b");
    let response = get(&mut a, &colon, "")?;
    response.expect_status(301)?;
    let place = response.relative_location(&colon)?.replace("%3A", ":");
    response.expect_fact("the field Location", format!("{colon}/"), place)?;
    scene.note("sub/a:b → 301, and its colon is no scheme's");
    let twice = format!("/{}", site.target("sub"));
    let response = get(&mut a, &twice, "")?;
    response.expect_status(301)?;
    // `//sub/` as a location would be another host.
    let place = response.relative_location(&twice)?;
    let (expected, place) = (site.target("sub/"), place.trim_start_matches('/'));
    response.expect_fact("the field Location", &expected[1..], place)?;
    scene.note("with a double slash at the start → 301, and no other host");
    Ok(())
}

fn expect_redirect(client: &mut Client, target: &str, location: &str) -> Attempt {
    let response = get(client, target, "")?;
    response.expect_status(301)?;
    response.expect_location(target, location)
}

fn a_change_is_noticed_within_a_second(scene: &mut Scene) -> Attempt {
    let site = scene.site()?;
    let mut a = scene.connect_with(Options::QUIET)?;
    expect_status(&mut a, &site.target("file"), 404)?;
    for (said, content) in [
        ("a file is put there", noise(100)),
        ("it is replaced by another", noise(200)),
        ("by one of 100,000 bytes", noise(100_000)),
        ("by one of 50,000 bytes", noise(50_000)),
    ] {
        pass_a_tick();
        site.write("next", &content)?;
        site.done(fs::rename(site.place("next"), site.place("file")))?;
        expect_soon(&mut a, &site.target("file"), &content)?;
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
        expect_soon(&mut a, &site.target("file"), &content)?;
        scene.note(format!("{said} → it is served as it is"));
    }
    site.done(fs::remove_file(site.place("file")))?;
    expect_status_soon(&mut a, &site.target("file"), 404)?;
    scene.note("it is deleted → 404");
    site.folder("file")?;
    expect_status_soon(&mut a, &site.target("file"), 301)?;
    scene.note("a folder has its name → 301");
    Ok(())
}
