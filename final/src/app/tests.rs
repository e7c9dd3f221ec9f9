use std::fs;
use std::os::unix::fs::symlink;

use super::*;
use crate::http::{Application, Body, Request, Status};

fn request(target: &str) -> Request<'_> {
    Request { target, number: 1, keep_alive: true }
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
    let mut files = Files::open(&root).unwrap();

    for target in [
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
    ] {
        let status = files.respond(&request(target)).status;
        assert_eq!(status, Status::NotFound, "{target}");
    }
    for target in ["/%", "/%4", "/%zz", "/%00", "*", "sub/", "ftp://a/sub/"] {
        let status = files.respond(&request(target)).status;
        assert_eq!(status, Status::BadRequest, "{target}");
    }
    for (target, length) in [
        ("/sub/a%20b.html", 4),
        ("/./sub/x/../a%20b.html?q", 4),
        ("http://host/sub/", 5),
        ("/sub/.", 5),
        ("/inside", 5),
    ] {
        let response = files.respond(&request(target));
        assert_eq!(response.status, Status::Ok, "{target}");
        let Body::File(_, served) = response.body else { panic!("{target} is no file") };
        assert_eq!(served, length, "{target}");
    }
    let response = files.respond(&request("//sub?q=1"));
    assert_eq!(response.location, Some("/sub/?q=1"));
}
