//! The finished server as its operator starts it: one sentence for each mistake.

use std::ffi::OsString;
use std::fs;
use std::net::TcpListener;
use std::path::Path;
use std::process::{Command, Output};

use checks::server::{Program, Server};
use checks::subject::finished::{FINAL, PATIENCE, get, get_until, serve, serve_with};
use checks::system::tool::{Tool, left_out};

fn start(arguments: &[&str]) -> Output {
    Command::new(&*FINAL).args(arguments).output().expect("final runs")
}

/// Exit code 1, nothing on stdout, and one sentence that says what it is about.
fn assert_one_sentence(output: &Output, about: &str) {
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(1), "{stderr}");
    assert!(output.stdout.is_empty());
    assert_eq!(stderr.lines().count(), 1, "{stderr}");
    assert!(stderr.starts_with("final: ") && stderr.contains(about), "{stderr}");
    assert!(!stderr.contains("os error") && !stderr.contains("Error"), "{stderr}");
}

#[test]
fn a_missing_folder_is_one_sentence() {
    let output = start(&["/no/such/folder", "--listen", "127.0.0.1:0"]);
    assert_one_sentence(&output, "/no/such/folder");
}

#[test]
fn a_file_for_a_folder_is_one_sentence() {
    let file = tempfile::NamedTempFile::new().unwrap();
    let path = file.path().to_str().unwrap();
    assert_one_sentence(&start(&[path, "--listen", "127.0.0.1:0"]), path);
}

#[test]
fn a_taken_port_is_one_sentence() {
    let folder = tempfile::tempdir().unwrap();
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let output = start(&[folder.path().to_str().unwrap(), "--listen", &address]);
    assert_one_sentence(&output, &address);
}

#[test]
fn an_address_of_another_machine_is_one_sentence() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path().to_str().unwrap();
    // From a range for documentation, RFC 5737.
    let output = start(&[folder, "--listen", "192.0.2.1:0"]);
    assert_one_sentence(&output, "192.0.2.1");
}

#[test]
fn a_kernel_that_has_no_room_for_epoll_is_one_sentence() {
    if !Tool::Strace.installed() {
        return left_out("a kernel without room", Tool::Strace);
    }
    let folder = tempfile::tempdir().unwrap();
    let mut strace = Command::new("strace");
    strace.args(["-f", "-qq", "-o", "/dev/null"]);
    strace.args(["-e", "inject=epoll_create1:error=ENOMEM", "--"]);
    strace.arg(&*FINAL).arg(folder.path()).args(["--listen", "127.0.0.1:0"]);
    let output = strace.output().unwrap();
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(1), "{stderr}");
    assert!(output.stdout.is_empty());
    assert_eq!(stderr.lines().count(), 1, "{stderr}");
    assert!(stderr.starts_with("final: cannot wait for clients: "), "{stderr}");
}

#[test]
fn either_poller_serves() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("index.html"), "here").unwrap();
    for name in ["poll", "epoll"] {
        let server = serve_with(folder.path(), &["--poller", name]);
        assert!(get(&server, "/").unwrap().ends_with("\r\n\r\nhere"), "{name}");
    }
    let output = start(&[".", "--poller", "select"]);
    assert_eq!(output.status.code(), Some(2));
}

/// Whoever publishes a site may put a new folder in the place of the old one.
#[test]
fn a_folder_that_is_made_anew_is_served() {
    let parent = tempfile::tempdir().unwrap();
    let (folder, next) = (parent.path().join("site"), parent.path().join("next"));
    let publish = |folder: &Path, text| {
        fs::create_dir(folder).unwrap();
        fs::write(folder.join("index.html"), text).unwrap();
    };
    publish(&folder, "old");
    let server = serve(&folder);
    assert!(get(&server, "/").unwrap().ends_with("\r\n\r\nold"));
    publish(&next, "new");
    fs::remove_dir_all(&folder).unwrap();
    fs::rename(&next, &folder).unwrap();
    get_until(&server, "/", |response| response.ends_with("\r\n\r\nnew"));
}

#[test]
fn a_folder_is_listed_unless_the_operator_says_no() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("a file"), "").unwrap();
    let listing = get(&serve(folder.path()), "/").unwrap();
    assert!(listing.contains(r#"<a href="a%20file">"#), "{listing}");
    let refused = get(&serve_with(folder.path(), &["--no-listing"]), "/").unwrap();
    assert!(refused.starts_with("HTTP/1.1 404 "), "{refused}");
}

#[test]
fn a_listing_shows_what_is_new() {
    let folder = tempfile::tempdir().unwrap();
    let server = serve(folder.path());
    assert!(!get(&server, "/").unwrap().contains("new.txt"));
    fs::write(folder.path().join("new.txt"), "").unwrap();
    get_until(&server, "/", |response| response.contains("new.txt"));
}

#[test]
fn dotfiles_are_served_if_the_operator_says_so() {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join(".git")).unwrap();
    fs::write(folder.path().join(".git/config"), "secret").unwrap();
    for (options, status) in [(&[][..], "404"), (&["--dotfiles"], "200")] {
        let server = serve_with(folder.path(), options);
        for target in ["/.git/config", "/.git/", "/%2egit/config"] {
            let response = get(&server, target).unwrap();
            assert_eq!(&response[9..12], status, "{target}: {response}");
        }
        let listing = get(&server, "/").unwrap();
        assert_eq!(listing.contains(".git"), status == "200", "{listing}");
    }
}

#[test]
fn nobody_need_read_where_it_listens() {
    let folder = tempfile::tempdir().unwrap();
    let script = r#"exec "$0" "$@" >/dev/full"#;
    let words = ["sh", "-c", script].map(OsString::from);
    let rest = [FINAL.clone(), folder.path().into(), "--no-listing".into()];
    let rest = rest.into_iter().chain(["--listen".into()]);
    let program = Program::new(words.into_iter().chain(rest));
    let server = Server::start(&program, false, PATIENCE).unwrap();
    assert!(get(&server, "/").unwrap().starts_with("HTTP/1.1 404 "));
}

#[test]
fn what_is_no_address_is_told_what_one_is() {
    let output = start(&[".", "--listen", "nowhere"]);
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert!(stderr.contains("write it as 8000, :8000, 127.0.0.1:8000"), "{stderr}");
}

#[test]
fn wrong_usage_is_exit_code_two() {
    for arguments in [
        &[][..],
        &["."; 2],
        &[".", "--listen"],
        &[".", "--listen", "nowhere"],
        &[".", "--listen", "unix:"],
        &[".", "--log", ""],
        &[".", "--trust-proxy", "proxy"],
        &[".", "--listen", "127.0.0.1:65536"],
        &[".", "--no-such-option"],
    ] {
        let output = start(arguments);
        let stderr = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}: {stderr}");
        assert!(stderr.starts_with("error: "), "{arguments:?}: {stderr}");
        assert!(output.stdout.is_empty(), "{arguments:?}");
    }
}

#[test]
fn help_and_version_go_to_stdout() {
    for (argument, text) in [("--help", "Usage: final"), ("--version", "final ")] {
        let output = start(&[argument]);
        let stdout = String::from_utf8_lossy(&output.stdout);
        assert_eq!(output.status.code(), Some(0));
        assert!(stdout.contains(text), "{stdout}");
        assert!(output.stderr.is_empty());
    }
}
