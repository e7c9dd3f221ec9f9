//! Which path and method lead where: step 8, and from there on.

use super::http::request;
use crate::check::{Attempt, Check};
use crate::client::Client;
use crate::scene::Scene;

pub const CHECKS: &[Check] = &[
    Check::new(
        8,
        "a_method_the_path_lacks_is_405",
        "A method that a path doesn't have is 405, and Allow says which ones it has.",
        a_method_the_path_lacks_is_405,
    ),
    Check::new(
        8,
        "options_says_what_is_allowed",
        "OPTIONS of a path, and of the server as a whole, says the methods in Allow.",
        options_says_what_is_allowed,
    ),
    Check::new(
        8,
        "a_target_has_three_forms",
        "A target is a path, a whole URL, or an asterisk, and that only for OPTIONS.",
        a_target_has_three_forms,
    ),
    Check::new(
        8,
        "a_path_is_decoded_once",
        "A path's escapes are decoded once; then its dots and double slashes are resolved.",
        a_path_is_decoded_once,
    ),
    Check::new(
        8,
        "a_malformed_path_is_refused",
        "A bad escape, a NUL or a fragment is 400; a path above the root is 404.",
        a_malformed_path_is_refused,
    ),
];

fn a_method_the_path_lacks_is_405(scene: &mut Scene) -> Attempt {
    let mut a = scene.connect()?;
    for (method, target, allow) in [
        ("DELETE", "/", "GET, HEAD, OPTIONS"),
        ("PUT", "/s", "POST, OPTIONS"),
        ("GET", "/p", "POST, OPTIONS"),
        ("PATCH", "/p/x", "GET, HEAD, DELETE, OPTIONS"),
    ] {
        a.send(request(method, target))?;
        let response = a.response()?;
        response.expect_status(405)?;
        expect_methods(&a, response.field("Allow"), allow)?;
    }
    a.send(request("GET", "/"))?;
    a.response()?.expect_status(200)
}

fn options_says_what_is_allowed(scene: &mut Scene) -> Attempt {
    let mut a = scene.connect()?;
    for (target, allow) in [
        ("/", "GET, HEAD, OPTIONS"),
        ("/s/x", "GET, HEAD, DELETE, OPTIONS"),
        ("*", "GET, HEAD, POST, DELETE, OPTIONS"),
    ] {
        a.send(request("OPTIONS", target))?;
        let response = a.response()?;
        response.expect_status(204)?;
        response.expect_no_field("Content-Length")?;
        expect_methods(&a, response.field("Allow"), allow)?;
    }
    Ok(())
}

/// The order of the methods is nobody's business, and a server may have more.
fn expect_methods(client: &Client, allow: Option<&str>, expected: &str) -> Attempt {
    let allow = allow.unwrap_or_default();
    let has = |method| allow.split(',').any(|own| own.trim() == method);
    let holds = expected.split(", ").all(has);
    client.expect_fact("the methods in Allow", expected, allow, holds)
}

fn a_target_has_three_forms(scene: &mut Scene) -> Attempt {
    let mut a = scene.connect()?;
    for target in ["/", "http://localhost/", "HTTPS://localhost", "http://other:99?x"] {
        a.send(request("GET", target))?;
        a.quiet_response("GET")?.expect_status(200)?;
        a.note("← HTTP/1.1 200 OK …");
    }
    for target in ["*", "index.html", "ftp://localhost/", "http://", "localhost:80"] {
        let mut client = scene.connect_quietly()?;
        client.send(request("GET", target))?;
        let response = client.response()?;
        response.expect_fact(&format!("the status of {target}"), 400, response.status)?;
        scene.note(format!("GET {target} → 400"));
    }
    Ok(())
}

fn a_path_is_decoded_once(scene: &mut Scene) -> Attempt {
    let mut a = scene.connect()?;
    let body = "a paste";
    a.send(format!(
        "POST /p?key=once HTTP/1.1\r\nHost: localhost\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    ))?;
    a.quiet_response("POST")?.expect_status(201)?;
    a.note("← HTTP/1.1 201 Created …");
    for (target, status) in [
        ("/p/once", 200),
        ("/%70/%6fnce", 200),
        ("/%70/%6Fnce", 200),
        ("/./p//x/../once", 200),
        ("/p/once?x=%2", 200),
        ("/p/%256fnce", 404),
        ("/p%2fonce", 404),
        ("/p/once/", 404),
        ("/P/once", 404),
    ] {
        a.send(request("GET", target))?;
        let response = a.quiet_response("GET")?;
        response.expect_fact(
            &format!("the status of {target}"),
            status,
            response.status,
        )?;
        a.note(format!("← HTTP/1.1 {status} …"));
    }
    Ok(())
}

fn a_malformed_path_is_refused(scene: &mut Scene) -> Attempt {
    let mut a = scene.connect()?;
    for (target, status) in [
        ("/%", 400),
        ("/p/%4", 400),
        ("/p/%zz", 400),
        ("/p/%00", 400),
        ("/x#/../p", 400),
        ("/?x#y", 400),
        ("/..", 404),
        ("/../p", 404),
        ("/p/../../p/once", 404),
        ("/%2e%2E/p", 404),
    ] {
        a.send(request("GET", target))?;
        let response = a.quiet_response("GET")?;
        response.expect_fact(
            &format!("the status of {target}"),
            status,
            response.status,
        )?;
        a.note(format!("← HTTP/1.1 {status} …"));
    }
    Ok(())
}
