use std::ffi::OsStr;
use std::fs::{self, File};
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::symlink;
use std::os::unix::net::UnixListener;
use std::time::{Duration, UNIX_EPOCH};

use super::*;
use crate::app::Shown;
use crate::app::tests::{Served, ask, get, served};
use crate::protocol::Protocol;

const LISTED: Shown = Shown { listings: true, dotfiles: false };

/// What stands in the rows of a page, without the marks, and the links.
fn rows(page: &str) -> Vec<(String, String)> {
    let body = page.split_once("<tbody>").expect("a table").1;
    let body = body.split_once("</tbody>").expect("its end").0;
    let row = |row: &str| {
        let link = row.split('"').nth(1).expect("a link").to_string();
        let text = row.split('<').filter_map(|mark| mark.split_once('>'));
        (link, text.map(|(_, text)| text).collect())
    };
    body.split("<tr>").skip(1).map(row).collect()
}

fn links(http: &mut Served, target: &str) -> Vec<String> {
    http.shed();
    rows(&get(http, target)).into_iter().map(|(link, _)| link).collect()
}

#[test]
fn folders_come_first_and_then_files_by_name() {
    let root = tempfile::tempdir().unwrap();
    let at = |name: &str| root.path().join(name);
    for folder in ["photos", "Albums"] {
        fs::create_dir(at(folder)).unwrap();
    }
    for (name, length, seconds) in
        [("b.txt", 0, 0), ("B.txt", 1024, 1), ("a", 1_234_567, 2)]
    {
        let file = File::create(at(name)).unwrap();
        file.set_len(length).unwrap();
        file.set_modified(UNIX_EPOCH + Duration::from_secs(seconds)).unwrap();
    }
    let page = get(&mut served(root.path(), LISTED), "/");
    let rows: Vec<_> = rows(&page).into_iter().map(|(_, text)| text).collect();
    assert_eq!(rows.len(), 5);
    assert!(rows[0].starts_with("Albums/2") && rows[1].starts_with("photos/2"));
    assert_eq!(rows[2], "a1.2 MiB1970-01-01 00:00\n");
    assert_eq!(rows[3], "B.txt1.0 KiB\n");
    assert_eq!(rows[4], "b.txt0 B\n");
    for exact in [r#"title="1234567 bytes""#, r#"datetime="1970-01-01T00:00:02Z""#] {
        assert!(page.contains(exact), "{exact}: {page}");
    }
}

#[test]
fn a_date_that_nobody_knows_is_left_out() {
    // The last is a second before the year 10000.
    for (seconds, is_known) in
        [(-1, false), (0, false), (1, false), (253_402_300_799, true)]
    {
        assert_eq!(date(seconds).into_string().is_empty(), !is_known, "{seconds}");
    }
    for seconds in [253_402_300_800, i64::MAX, i64::MIN] {
        assert_eq!(date(seconds).into_string(), "");
    }
}

/// Each link is followed from the page where it stands, however the name is spelled.
#[test]
fn a_link_leads_to_its_file() {
    let root = tempfile::tempdir().unwrap();
    let folder = root.path().join("a b\u{e4}");
    fs::create_dir_all(folder.join("sub")).unwrap();
    let names: [&[u8]; 11] = [
        b"<b>&\"'.txt",
        b"a:b",
        b"a b?c#d",
        b"100%",
        b"%41",
        b"\\",
        b"line\nend\r",
        b"\x01\x7f",
        b"\xff\xfe",
        b"..a",
        "\u{202e}\u{e4}\u{20ac}".as_bytes(),
    ];
    let shown = Shown { listings: true, dotfiles: true };
    for name in names {
        fs::write(folder.join(OsStr::from_bytes(name)), name).unwrap();
    }
    let mut http = served(root.path(), shown);
    let page = get(&mut http, "/a%20b%C3%A4/");
    let found = rows(&page);
    assert_eq!(found.len(), names.len() + 2, "{page}");
    assert_eq!(found[0], ("../".into(), "../".into()));
    assert_eq!(found[1].0, "sub/");
    assert!(!page.contains("<b>") && !page.contains(['\u{1}', '\u{7f}']), "{page}");
    assert!(page.contains("&lt;b&gt;&amp;&quot;'.txt</bdi>"), "{page}");
    assert!(page.contains("<title>/a b\u{e4}/</title>"), "{page}");
    let mut contents: Vec<String> = Vec::new();
    for (link, _) in &found[2..] {
        assert!(link.is_ascii() && !link.contains([':', '?', '#', '/']), "{link}");
        let response = get(&mut http, &format!("/a%20b%C3%A4/{link}"));
        contents.push(response.split_once("\r\n\r\n").unwrap().1.into());
    }
    let mut expected = names.map(|name| String::from_utf8_lossy(name).into_owned());
    contents.sort();
    expected.sort();
    assert_eq!(contents, expected);
}

#[test]
fn what_would_not_be_served_is_left_out() {
    let parent = tempfile::tempdir().unwrap();
    let root = parent.path().join("root");
    fs::create_dir_all(root.join("sub/deep")).unwrap();
    fs::write(parent.path().join("secret"), "secret").unwrap();
    fs::write(root.join("file"), "12345").unwrap();
    let _socket = UnixListener::bind(root.join("sub/socket")).unwrap();
    let links_in_sub = [
        ("../file", "to-file"),
        ("deep", "to-folder"),
        ("../..", "out"),
        ("../../secret", "to-secret"),
        ("/etc/passwd", "absolute"),
        ("nothing", "dangling"),
        ("circle", "circle"),
        ("file/x", "no-folder"),
        ("socket", "to-socket"),
    ];
    for (target, name) in links_in_sub {
        symlink(target, root.join("sub").join(name)).unwrap();
    }
    let mut http = served(&root, LISTED);
    let found = links(&mut http, "/sub/");
    assert_eq!(found, ["../", "deep/", "to-folder/", "to-file"]);
    assert!(get(&mut http, "/sub/").contains("title=\"5 bytes\""));
    // A link to a folder is as good as the folder.
    assert_eq!(links(&mut http, "/sub/to-folder/"), ["../"]);
    for target in ["/sub/out/", "/nothing/", "/file/", "/sub/socket/"] {
        let response = get(&mut http, target);
        assert!(response.starts_with("HTTP/1.1 404 "), "{target}: {response}");
    }
}

#[test]
fn a_folder_has_its_index_page_or_a_listing_or_neither() {
    let root = tempfile::tempdir().unwrap();
    fs::create_dir(root.path().join("sub")).unwrap();
    let mut http = served(root.path(), LISTED);
    let response = get(&mut http, "/sub?q");
    assert!(response.contains("\r\nLocation: sub/?q\r\n"), "{response}");
    let response = get(&mut http, "/sub/");
    assert!(response.contains("There is nothing in it."), "{response}");
    for target in ["/sub/", "/"] {
        let response = get(&mut served(root.path(), Shown::default()), target);
        assert!(response.starts_with("HTTP/1.1 404 "), "{response}");
    }
    fs::write(root.path().join("sub/index.html"), "index").unwrap();
    http.shed();
    assert!(get(&mut http, "/sub/").ends_with("\r\n\r\nindex"));
}

#[test]
fn a_listing_has_a_version() {
    let root = tempfile::tempdir().unwrap();
    fs::write(root.path().join("file"), "1").unwrap();
    let mut http = served(root.path(), LISTED);
    let response = get(&mut http, "/");
    let (head, page) = response.split_once("\r\n\r\n").unwrap();
    for field in [
        "HTTP/1.1 200 OK",
        "Content-Type: text/html; charset=utf-8",
        "Cache-Control: no-cache",
        "X-Content-Type-Options: nosniff",
        &format!("Content-Length: {}", page.len()),
    ] {
        assert!(head.lines().any(|line| line == field), "{field}: {head}");
    }
    let head_alone = ask(&mut http, "HEAD / HTTP/1.1\r\nHost: a\r\n\r\n");
    assert_eq!(head_alone, format!("{head}\r\n\r\n"));
    let tag = head.lines().find_map(|line| line.strip_prefix("ETag: ")).unwrap();
    let again = format!("GET / HTTP/1.1\r\nHost: a\r\nIf-None-Match: {tag}\r\n\r\n");
    http.shed();
    let response = ask(&mut http, &again);
    assert!(response.starts_with("HTTP/1.1 304 "), "{response}");
    assert!(response.contains("\r\nCache-Control: no-cache\r\n"), "{response}");
    fs::write(root.path().join("file"), "22").unwrap();
    http.shed();
    let response = ask(&mut http, &again);
    assert!(response.starts_with("HTTP/1.1 200 "), "{response}");
}

#[test]
fn dotfiles_are_hidden_everywhere_or_nowhere() {
    let root = tempfile::tempdir().unwrap();
    for folder in [".well-known", ".git", "sub"] {
        fs::create_dir(root.path().join(folder)).unwrap();
        fs::create_dir(root.path().join(folder).join(".git")).unwrap();
        for name in ["file", ".file"] {
            fs::write(root.path().join(folder).join(name), "here").unwrap();
        }
    }
    symlink(".git", root.path().join("visible")).unwrap();
    fs::write(root.path().join(".index.html"), "here").unwrap();
    let (mut hidden, mut open) = (
        served(root.path(), LISTED),
        served(root.path(), Shown { listings: true, dotfiles: true }),
    );
    for target in [
        "/.git",
        "/.git/",
        "/.git/file",
        "/%2egit/file",
        "/%2Egit/",
        "/sub/.file",
        "/sub/%2efile",
        "/./sub/../.git/file",
        "/sub/.git",
        "//.git/",
        "/.well-known/.file",
        "/.index.html",
    ] {
        let status = |http| get(http, target)[9..12].to_string();
        assert_eq!(status(&mut hidden), "404", "{target}");
        assert_ne!(status(&mut open), "404", "{target}");
    }
    for http in [&mut hidden, &mut open] {
        for target in ["/.well-known/file", "/%2ewell-known/file", "/visible/file"] {
            assert!(get(http, target).ends_with("\r\n\r\nhere"), "{target}");
        }
    }
    assert_eq!(links(&mut hidden, "/"), [".well-known/", "sub/", "visible/"]);
    assert_eq!(links(&mut hidden, "/sub/"), ["../", "file"]);
    assert_eq!(links(&mut hidden, "/.well-known/"), ["../", "file"]);
    let all = [".git/", ".well-known/", "sub/", "visible/", ".index.html"];
    assert_eq!(links(&mut open, "/"), all);
    assert_eq!(links(&mut open, "/sub/"), ["../", ".git/", ".file", "file"]);
}

#[test]
fn a_folder_with_too_many_entries_says_so() {
    let page = |has_more| page(b"/", Folder { entries: Vec::new(), has_more });
    assert!(page(true).contains("<p>This folder has more than 10000 entries."));
    assert!(!page(false).contains("more than"));
}
