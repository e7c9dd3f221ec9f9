use std::fs;
use std::os::unix::fs::symlink;
use std::path::Path;

use super::*;
use crate::budget::Budget;
use crate::buffers::Output;
use crate::connection::{Connection, Wants};
use crate::http::{Call, Conditions, Content, Http, Method, Router, Status, Validators};
use crate::peers::Peer;
use crate::protocol::Protocol;

pub type Served = Http<Router<Site>>;

pub fn served(root: &Path, shown: Shown) -> Served {
    served_within(ROOM, root, shown)
}

fn served_within(room: usize, root: &Path, shown: Shown) -> Served {
    let site = Site::open(root, shown).unwrap();
    Http::new(Router::new(site, Site::ROUTES, Budget::new(room)))
}

/// The head and the body of the response, on a connection of its own.
pub fn ask(http: &mut Served, request: &str) -> String {
    let mut connection = Connection::new(http.open(Peer::Unix));
    let (mut spare, mut sent) = (Output::default(), Vec::new());
    connection.received(http, request.as_bytes(), &mut spare);
    while let Wants::Send { bytes, .. } = connection.wants() {
        sent.extend_from_slice(bytes);
        let count = bytes.len();
        connection.sent(http, count, &mut spare);
    }
    String::from_utf8_lossy(&sent).into()
}

pub fn get(http: &mut Served, target: &str) -> String {
    ask(http, &format!("GET {target} HTTP/1.1\r\nHost: a\r\n\r\n"))
}

fn post(http: &mut Served, target: &str, body: &str) -> String {
    let head = format!("POST {target} HTTP/1.1\r\nHost: a\r\nContent-Length:");
    ask(http, &format!("{head} {}\r\n\r\n{body}", body.len()))
}

#[test]
fn only_what_is_in_the_folder_is_served() {
    let parent = tempfile::tempdir().unwrap();
    let root = parent.path().join("root");
    fs::create_dir_all(root.join("sub")).unwrap();
    fs::write(parent.path().join("secret"), "secret").unwrap();
    fs::write(root.join("sub/a b.html"), "page").unwrap();
    fs::write(root.join("sub/index.html"), "index").unwrap();
    symlink("../secret", root.join("out")).unwrap();
    symlink("..", root.join("up")).unwrap();
    symlink("/", root.join("top")).unwrap();
    symlink("sub/index.html", root.join("inside")).unwrap();
    let mut http = served(&root, Shown::default());

    for (status, targets) in [
        (
            404,
            &[
                "/../secret",
                "/%2e%2e/secret",
                "/sub/../../secret",
                "/sub/%2E%2e/.%2e/secret",
                "/..%2fsecret",
                "//../secret",
                "/out",
                "/up/secret",
                "/top/etc/passwd",
                "/sub/nothing",
                "/sub/index.html/",
            ][..],
        ),
        (400, &["/%", "/%4", "/%zz", "/%00", "*", "sub/", "ftp://a/sub/"]),
        (200, &["/sub/a%20b.html", "/./sub/x/../a%20b.html?q", "http://host/sub/"]),
        (200, &["/sub/.", "/inside"]),
    ] {
        for target in targets {
            let response = get(&mut http, target);
            let expected = format!("HTTP/1.1 {status} ");
            assert!(response.starts_with(&expected), "{target}: {response}");
        }
    }
    let response = get(&mut http, "//sub?q=1");
    assert!(response.contains("\r\nLocation: sub/?q=1\r\n"), "{response}");
}

#[test]
fn a_file_stands_before_a_key() {
    let root = tempfile::tempdir().unwrap();
    for (folder, file) in [("s", "style"), ("p", "paper")] {
        fs::create_dir(root.path().join(folder)).unwrap();
        fs::write(root.path().join(folder).join(file), "a file").unwrap();
        fs::write(root.path().join(folder).join("index.html"), "an index").unwrap();
    }
    fs::create_dir(root.path().join("p/folder")).unwrap();
    let mut http = served(root.path(), Shown::default());

    for target in ["/s/style", "/p/paper"] {
        assert!(get(&mut http, target).ends_with("a file"), "{target}");
    }
    for target in ["/s/", "/p/"] {
        assert!(get(&mut http, target).ends_with("an index"), "{target}");
    }
    for taken in ["/s?key=style", "/p?key=paper", "/p?key=folder"] {
        let refused = post(&mut http, taken, "http://a/");
        assert!(refused.starts_with("HTTP/1.1 409 "), "{taken}: {refused}");
    }
    for target in ["/s?key=later", "/p?key=later"] {
        let made = post(&mut http, target, "http://a/");
        assert!(made.starts_with("HTTP/1.1 201 "), "{target}: {made}");
    }
    assert!(get(&mut http, "/s/later").starts_with("HTTP/1.1 302 "));
    assert!(get(&mut http, "/p/later").ends_with("http://a/"));
    for folder in ["s", "p"] {
        fs::write(root.path().join(folder).join("later"), "a file").unwrap();
    }
    for target in ["/s/later", "/p/later"] {
        assert!(get(&mut http, target).ends_with("a file"), "{target}");
    }
}

/// Both workers found the key free, and admitted a paste.
#[test]
fn of_two_workers_only_one_gives_a_key_away() {
    let root = tempfile::tempdir().unwrap();
    let site = Site::open(root.path(), Shown::default()).unwrap();
    let (one, other) = (site.part_of(2), site.part_of(2));
    let conditions = Conditions::of(Method::Post, &[]).unwrap();
    let query = "key=same";
    let call = Call { path: b"/p", query, conditions: &conditions, parameter: "" };
    assert!(one.pastes.admit(&call, &one.files).is_ok());
    assert!(other.pastes.admit(&call, &other.files).is_ok());
    let add = |site: &Site, text: &[u8]| {
        let validators = Validators { etag: "\"\"".into(), modified: None };
        let paste = Representation::new(Content::Bytes(text.into()), "", validators);
        let room = Budget::new(1000).reserve(text.len()).unwrap();
        site.pastes.add(&call, paste, room, &site.files).status
    };
    assert_eq!(add(&one, b"first"), Status::Created);
    assert_eq!(add(&other, b"second"), Status::Conflict);
}

/// As much as `--help` says, for both together.
#[test]
fn links_and_pastes_have_their_room() {
    let root = tempfile::tempdir().unwrap();
    let mut http = served(root.path(), Shown::default());
    let (paste, room) = ("x".repeat(1 << 20), 64 << 20);
    let taken = paste.len() + "a random key".len() + 128;
    for number in 0..room / taken {
        let made = post(&mut http, "/p", &paste);
        assert!(made.starts_with("HTTP/1.1 201 "), "{number}: {made}");
    }
    let refused = post(&mut http, "/p", &paste);
    assert!(refused.starts_with("HTTP/1.1 507 "), "{refused}");
    let link = format!("http://a/{}", "x".repeat(2048 - "http://a/".len()));
    for number in 0..room % taken / (link.len() + "a random key".len() + 128) {
        let made = post(&mut http, "/s", &link);
        assert!(made.starts_with("HTTP/1.1 201 "), "{number}: {made}");
    }
    let refused = post(&mut http, "/s", &link);
    assert!(refused.starts_with("HTTP/1.1 507 "), "{refused}");
}

#[test]
fn a_deleted_paste_has_its_room_until_its_last_reader_has_it() {
    let root = tempfile::tempdir().unwrap();
    let paste = "x".repeat(60_000);
    let mut http = served_within(100_000, root.path(), Shown::default());
    let add = |http: &mut Served| post(http, "/p?key=k", &paste)[9..12].to_string();
    let delete = |http: &mut Served| {
        let head = "DELETE /p/k HTTP/1.1\r\nHost: a\r\n\r\n";
        assert!(ask(http, head).starts_with("HTTP/1.1 204 "));
    };
    assert_eq!(add(&mut http), "201");
    let mut reader = Connection::new(http.open(Peer::Unix));
    let mut spare = Output::default();
    let head = b"GET /p/k HTTP/1.1\r\nHost: a\r\n\r\n";
    reader.received(&mut http, head, &mut spare);
    delete(&mut http);
    http.tidy();
    assert_eq!(add(&mut http), "507");
    while let Wants::Send { bytes, .. } = reader.wants() {
        let count = bytes.len();
        reader.sent(&mut http, count, &mut spare);
    }
    http.tidy();
    assert_eq!(add(&mut http), "201");
    // Nobody reads this one.
    delete(&mut http);
    assert_eq!(add(&mut http), "201");
}

#[test]
fn a_link_is_encoded_for_whoever_pastes_it() {
    let root = tempfile::tempdir().unwrap();
    let mut http = served(root.path(), Shown::default());
    for (pasted, location) in [
        ("https://example.org/\u{e4}", "https://example.org/%C3%A4"),
        (
            "https://example.org/a b?q=\u{fc} 1#\u{e9}",
            "https://example.org/a%20b?q=%C3%BC%201#%C3%A9",
        ),
        ("https://example.org/%C3%A4 %41", "https://example.org/%C3%A4%20%41"),
        ("http://m\u{fc}nchen.example:8080", "http://xn--mnchen-3ya.example:8080/"),
        ("HTTPS://example.org/\"<>'", "HTTPS://example.org/\"<>'"),
        (" https://example.org\r\n", "https://example.org"),
    ] {
        let made = post(&mut http, "/s", pasted);
        let link = made.lines().last().expect("the link's path");
        let response = get(&mut http, link);
        let expected = format!("\r\nLocation: {location}\r\n");
        assert!(response.contains(&expected), "{pasted}: {made}{response}");
    }
}

/// Whoever is refused is told why.
#[test]
fn a_link_that_is_refused_has_a_reason() {
    let root = tempfile::tempdir().unwrap();
    let mut http = served(root.path(), Shown::default());
    for (pasted, reason) in [
        ("", "http:// or https://"),
        ("example.org", "http:// or https://"),
        ("http:/example.org", "http:// or https://"),
        ("javascript://example.org/%0aalert(1)", "http:// or https://"),
        ("https:///path", "names no host"),
        ("https://exam ple.org/", "host is none"),
        ("https://example.org:99999/\u{e4}", "host is none"),
        ("https://example.org/\r\nSet-Cookie: a=b", "one line"),
        ("https://example.org/\u{85}", "one line"),
        ("https://me:secret@example.org/", "no user name"),
    ] {
        let response = post(&mut http, "/s", pasted);
        let refused = response.starts_with("HTTP/1.1 422 ") && response.contains(reason);
        assert!(refused, "{pasted}: {response}");
    }
}
