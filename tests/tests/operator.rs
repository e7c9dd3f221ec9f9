//! The finished server as its operator starts it: one sentence for each mistake.

use std::ffi::OsString;
use std::net::TcpListener;
use std::process::{Command, Output};
use std::sync::LazyLock;

use checks::check::Step;
use checks::subject;

static FINAL: LazyLock<OsString> = LazyLock::new(|| {
    let subjects = subject::build().expect("our own programs build");
    let of_final = subjects.iter().find(|subject| subject.step == Step::FINAL);
    of_final.expect("final is a column").program.command[0].clone()
});

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
fn wrong_usage_is_exit_code_two() {
    for arguments in [
        &[][..],
        &["."; 2],
        &[".", "--listen"],
        &[".", "--listen", "nowhere"],
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
