//! Where each limit of a head is, to the byte.

use super::request::Request;
use super::status::Status;
use super::target::Target;

fn refusal(target: &str, fields: &str) -> Option<Status> {
    let head = format!("GET {target} HTTP/1.1\r\n{fields}\r\n\r\n");
    let request = match Request::parse(head.as_bytes()) {
        Ok(request) => request,
        Err(status) => return Some(status),
    };
    Target::parse(&request).err()
}

/// The longest that is allowed, and what the next is refused with.
#[track_caller]
fn assert_limit(most: usize, status: Status, refusal: impl Fn(usize) -> Option<Status>) {
    for length in [most - 1, most] {
        assert_eq!(refusal(length), None, "{length}");
    }
    for length in [most + 1, most + 2] {
        assert_eq!(refusal(length), Some(status), "{length}");
    }
}

#[test]
fn fields_have_limits() {
    let field = |name: &str, content: &str, length: usize| {
        refusal("/", &format!("Host: a\r\n{name}: {}", content.repeat(length)))
    };
    assert_limit(128, Status::HeadTooLarge, |length| field("Connection", ",", length));
    assert_limit(256, Status::BadRequest, |length| field("Content-Length", "0", length));
    assert_limit(1024, Status::HeadTooLarge, |length| field("If-Match", ",", length));
    // Of a Range nobody has to take notice.
    assert_eq!(field("Range", ",", 5000), None);
    assert_limit(16, Status::HeadTooLarge, |count| {
        refusal("/", &format!("Host: a{}", "\r\nRange: x".repeat(count)))
    });
    assert_limit(255, Status::BadRequest, |length| {
        refusal("/", &format!("Host: {}", "a".repeat(length)))
    });
    // Of several fields, the sum counts.
    assert_limit(128, Status::HeadTooLarge, |length| {
        let rest = "a".repeat(length - 100);
        refusal(
            "/",
            &format!("Host: a\r\nConnection: {}\r\nConnection: {rest}", "a".repeat(100)),
        )
    });
    // Two are in the request line, and one after each colon.
    for space in [" ", "\t"] {
        assert_limit(4096 - 4, Status::HeadTooLarge, |length| field("X", space, length));
    }
}

#[test]
fn targets_have_limits() {
    let refused = |target: String| refusal(&target, "Host: a");
    assert_limit(64, Status::NotFound, |slashes| refused("/".repeat(slashes)));
    assert_limit(2048, Status::NotFound, |length| {
        refused(format!("//{}?{}", "a".repeat(length - 2), "a".repeat(100)))
    });
    assert_limit(512, Status::BadRequest, |length| {
        refused(format!("/\u{e4}{}", "a".repeat(length - 3)))
    });
    // A plain path has none but the head's.
    assert_eq!(refused("/a".repeat(4000)), None);
}
