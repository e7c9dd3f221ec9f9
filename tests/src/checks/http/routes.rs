//! Which path and method lead where: step 9, and from there on.

use crate::check::Check;
use crate::client::http::requests::{request, upload};
use crate::client::{Client, Options};
use crate::evidence::failure::Attempt;
use crate::evidence::text::{amount, quoted};
use crate::scene::Scene;

pub const CHECKS: &[Check] = &[
    Check::new(
        9,
        "a_method_the_path_lacks_is_405",
        "A method that a path doesn't have is 405, and Allow says which ones it has.",
        a_method_the_path_lacks_is_405,
    ),
    Check::new(
        9,
        "options_says_what_is_allowed",
        "OPTIONS of a path, and of the server as a whole, says the methods in Allow.",
        options_says_what_is_allowed,
    ),
    Check::new(
        9,
        "a_target_has_three_forms",
        "A target is a path, a whole URL, or an asterisk, and that only for OPTIONS.",
        a_target_has_three_forms,
    ),
    Check::new(
        9,
        "a_path_is_decoded_once",
        "A path's escapes are decoded once; then its dots and double slashes are resolved.",
        a_path_is_decoded_once,
    ),
    Check::new(
        9,
        "a_malformed_path_is_refused",
        "A bad escape, a NUL or a fragment is 400; a path above the root is 404.",
        a_malformed_path_is_refused,
    ),
    Check::new(
        9,
        "everyone_is_greeted_by_name",
        "GET /hello/NAME greets NAME, which is one segment of the path, decoded.",
        everyone_is_greeted_by_name,
    )
    .until(9),
    Check::new(
        9,
        "only_the_plain_path_takes_an_upload",
        "A POST to a path that isn't spelled plainly is 404.",
        only_the_plain_path_takes_an_upload,
    )
    .until(9),
    Check::new(
        9,
        "a_body_that_is_kept_has_a_limit",
        "An upload of a MiB is summed; one byte more is 413, at its length or at the limit.",
        a_body_that_is_kept_has_a_limit,
    )
    .until(9),
];

fn a_method_the_path_lacks_is_405(scene: &mut Scene) -> Attempt {
    let mut a = scene.connect()?;
    for method in ["DELETE", "PUT", "PATCH"] {
        a.send(request(method, "/"))?;
        expect_not_allowed(&mut a, "GET, HEAD, OPTIONS")?;
    }
    a.send(request("GET", "/"))?;
    a.response()?.expect_status(200)
}

fn options_says_what_is_allowed(scene: &mut Scene) -> Attempt {
    let mut a = scene.connect()?;
    for target in ["/", "/?x", "*"] {
        a.send(request("OPTIONS", target))?;
        expect_allowed(&mut a, "GET, HEAD, OPTIONS")?;
    }
    Ok(())
}

/// A 405 with these methods.
pub(crate) fn expect_not_allowed(client: &mut Client, methods: &str) -> Attempt {
    let response = client.response()?;
    response.expect_status(405)?;
    expect_methods(client, response.field("Allow"), methods)
}

/// What OPTIONS is answered with.
pub(crate) fn expect_allowed(client: &mut Client, methods: &str) -> Attempt {
    let response = client.response()?;
    response.expect_status(204)?;
    response.expect_no_field("Content-Length")?;
    expect_methods(client, response.field("Allow"), methods)
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
        let mut client = scene.connect_with(Options::QUIET)?;
        client.send(request("GET", target))?;
        let response = client.response()?;
        response.expect_status_of(target, 400)?;
        client.expect_end()?;
        scene.note(format!("GET {target} → 400, and the end"));
    }
    Ok(())
}

fn a_path_is_decoded_once(scene: &mut Scene) -> Attempt {
    let mut a = scene.connect()?;
    expect_statuses(
        &mut a,
        &[
            ("/?x=%2", 200),
            ("/.", 200),
            ("//", 200),
            ("/x/..", 200),
            ("/x/./..//", 200),
            ("/%2e", 200),
            ("/x/%2E%2e", 200),
            ("//localhost/..", 200),
            ("/%252e", 404),
            ("/%2f", 404),
            ("/x%2f..", 404),
            ("/x/%2F/..", 404),
        ],
    )
}

fn a_malformed_path_is_refused(scene: &mut Scene) -> Attempt {
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
        let mut client = scene.connect_with(Options::QUIET)?;
        expect_statuses(&mut client, &[(target, status)])?;
        if status == 400 {
            client.expect_end()?;
        }
        scene.note(format!("GET {target} → {status}"));
    }
    Ok(())
}

/// What GET gives of each target; the connection stays between them.
pub(crate) fn expect_statuses(client: &mut Client, targets: &[(&str, u16)]) -> Attempt {
    for &(target, status) in targets {
        client.send(request("GET", target))?;
        let response = client.quiet_response("GET")?;
        response.expect_status_of(target, status)?;
        client.note(format!("← HTTP/1.1 {status} …"));
    }
    Ok(())
}

fn everyone_is_greeted_by_name(scene: &mut Scene) -> Attempt {
    let mut a = scene.connect()?;
    for (target, name) in [
        ("/hello/Ada", "Ada"),
        ("/hello/a%20b", "a b"),
        ("/%68ello/%41da", "Ada"),
        ("/./x/..//hello/Ada?x=y", "Ada"),
        ("http://localhost/hello/Ada", "Ada"),
        ("/hello/%2541da", "%41da"),
        ("/hello/%e2%98%83", "\u{2603}"),
        ("/hello/%22%3cb%3e", "\"<b>"),
    ] {
        a.send(request("GET", target))?;
        let response = a.quiet_response("GET")?;
        response.expect_status_of(target, 200)?;
        response.expect_field("Content-Type", "text/plain; charset=utf-8")?;
        response.expect_body(format!("Hello, {name}!\n"))?;
        a.note(format!("← {}", quoted(&response.body)));
    }
    expect_statuses(
        &mut a,
        &[
            ("/hello", 404),
            ("/hello/", 404),
            ("/hello/Ada/", 404),
            ("/hello/a/b", 404),
            ("/hello/a%2fb", 404),
            ("/hello%2fAda", 404),
            ("/Hello/Ada", 404),
        ],
    )?;
    a.send(request("PUT", "/hello/Ada"))?;
    expect_not_allowed(&mut a, "GET, HEAD, OPTIONS")
}

fn only_the_plain_path_takes_an_upload(scene: &mut Scene) -> Attempt {
    let mut a = scene.connect()?;
    for target in ["//", "/.", "/x/..", "/%2e", "/x/%2e%2E", "http://localhost//"] {
        a.send(upload(target, "Content-Length: 5") + "hello")?;
        let response = a.quiet_response("POST")?;
        response.expect_status_of(target, 404)?;
        a.note("← HTTP/1.1 404 …");
    }
    for target in ["/", "/?x=%2f", "HTTP://localhost/"] {
        a.send(upload(target, "Content-Length: 5") + "hello")?;
        let response = a.quiet_response("POST")?;
        response.expect_status_of(target, 200)?;
        a.note("← HTTP/1.1 200 OK …");
    }
    Ok(())
}

fn a_body_that_is_kept_has_a_limit(scene: &mut Scene) -> Attempt {
    const LIMIT: usize = 1 << 20;
    let mut a = scene.connect()?;
    let zeros = "\0".repeat(LIMIT);
    a.send(upload("/", &format!("Content-Length: {LIMIT}")) + &zeros)?;
    a.response()?.expect_body("1048576 bytes, CRC-32 a738ea1c\n")?;
    a.send(upload("/", &format!("Content-Length: {}", LIMIT + 1)))?;
    a.response()?.expect_status(413)?;
    a.expect_end()?;
    let mut b = scene.connect()?;
    b.send(upload("/", "Transfer-Encoding: chunked"))?;
    b.send_unnoted(format!("{LIMIT:x}\r\n{zeros}\r\n").as_bytes())?;
    b.note(format!("→ {} in a chunk", amount(LIMIT)));
    b.send("1\r\n!\r\n")?;
    b.response()?.expect_status(413)?;
    b.expect_end()
}
