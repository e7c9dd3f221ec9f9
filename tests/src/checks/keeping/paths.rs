//! The paths of links and pastes, and their methods: step 10, and from there on.

use super::posting::keep;
use crate::check::Check;
use crate::checks::http::routes::{expect_allowed, expect_not_allowed, expect_statuses};
use crate::client::Client;
use crate::client::http::requests::{post, request};
use crate::evidence::failure::Attempt;
use crate::scene::Scene;

pub const CHECKS: &[Check] = &[
    Check::new(
        10,
        "links_and_pastes_have_their_methods",
        "Allow says what may be done with links and pastes, and with one of them.",
        links_and_pastes_have_their_methods,
    ),
    Check::new(
        10,
        "a_key_is_found_however_it_is_spelled",
        "GET finds a paste by each spelling of its path, and by no other path.",
        a_key_is_found_however_it_is_spelled,
    ),
    Check::new(
        10,
        "only_the_plain_path_changes_anything",
        "POST and DELETE of a path that isn't spelled plainly are 404, and change nothing.",
        only_the_plain_path_changes_anything,
    ),
];

fn links_and_pastes_have_their_methods(scene: &mut Scene) -> Attempt {
    let mut a = scene.connect()?;
    for (method, target, methods) in [
        ("PUT", "/s", "POST, OPTIONS"),
        ("DELETE", "/p", "POST, OPTIONS"),
        ("PATCH", "/p/x", "GET, HEAD, DELETE, OPTIONS"),
        ("POST", "/s/x", "GET, HEAD, DELETE, OPTIONS"),
    ] {
        a.send(request(method, target))?;
        expect_not_allowed(&mut a, methods)?;
    }
    for (target, methods) in [
        ("/s", "POST, OPTIONS"),
        ("/s/x", "GET, HEAD, DELETE, OPTIONS"),
        ("*", "GET, HEAD, POST, DELETE, OPTIONS"),
    ] {
        a.send(request("OPTIONS", target))?;
        expect_allowed(&mut a, methods)?;
    }
    Ok(())
}

fn a_key_is_found_however_it_is_spelled(scene: &mut Scene) -> Attempt {
    let mut a = scene.connect()?;
    keep(&mut a, "/p?key=once")?;
    expect_statuses(
        &mut a,
        &[
            ("/p/once", 200),
            ("/%70/%6fnce", 200),
            ("/%70/%6Fnce", 200),
            ("/./p//x/../once", 200),
            ("/p/once?x=%2", 200),
            ("/p/%256fnce", 404),
            ("/p%2fonce", 404),
            ("/p/once/", 404),
            ("/P/once", 404),
        ],
    )
}

fn only_the_plain_path_changes_anything(scene: &mut Scene) -> Attempt {
    let mut a = scene.connect()?;
    for (place, target) in [("/s/key", "/s?key=key"), ("/p/key", "/p?key=key")] {
        keep(&mut a, target)?;
        let (own, key) = (&target[1..2], "key");
        let escaped = format!("%{:02x}", own.as_bytes()[0]);
        for spelled in [
            format!("//{own}/{key}"),
            format!("/./{own}/{key}"),
            format!("/{own}//{key}"),
            format!("/{own}/x/../{key}"),
            format!("/{own}/%6bey"),
            format!("/{escaped}/{key}"),
        ] {
            a.send(request("DELETE", &spelled))?;
            expect_no_change(&mut a, &spelled)?;
        }
        for spelled in [
            format!("//{own}"),
            format!("/./{own}"),
            format!("/x/../{own}"),
            format!("/{escaped}"),
        ] {
            a.send(post(&format!("{spelled}?key=new"), b"https://example.org/"))?;
            expect_no_change(&mut a, &spelled)?;
        }
        for (place, is_there) in [(place, true), (&place.replace("key", "new"), false)] {
            a.send(request("GET", place))?;
            let status = a.quiet_response("GET")?.status;
            let what = format!("whether {place} is there");
            a.expect_fact(&what, is_there, status != 404, is_there == (status != 404))?;
        }
        a.note("← the one is there, and the other isn't");
        a.send(request("DELETE", place))?;
        a.response()?.expect_status(204)?;
    }
    Ok(())
}

fn expect_no_change(client: &mut Client, target: &str) -> Attempt {
    let response = client.quiet_response("POST")?;
    response.expect_status_of(target, 404)?;
    client.note("← HTTP/1.1 404 …");
    Ok(())
}
