use std::fs;
use std::os::unix::fs::symlink;

use super::files::Answer;
use super::*;
use crate::http::Status;

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
        assert_eq!(files.answer(target).err(), Some(Status::NotFound), "{target}");
    }
    for target in ["/%", "/%4", "/%zz", "/%00", "*", "sub/", "ftp://a/sub/"] {
        assert_eq!(files.answer(target).err(), Some(Status::BadRequest), "{target}");
    }
    for (target, length) in [
        ("/sub/a%20b.html", 4),
        ("/./sub/x/../a%20b.html?q", 4),
        ("http://host/sub/", 5),
        ("/sub/.", 5),
        ("/inside", 5),
    ] {
        let Ok(Answer::File(_, served, _)) = files.answer(target) else {
            panic!("{target} is no file")
        };
        assert_eq!(served, length, "{target}");
    }
    let Ok(Answer::Elsewhere(location)) = files.answer("//sub?q=1") else {
        panic!("a folder is elsewhere")
    };
    assert_eq!(location, "/sub/?q=1");
}
