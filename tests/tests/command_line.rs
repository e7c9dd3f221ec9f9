//! The program `check` as its readers meet it.

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::LazyLock;
use std::time::{Duration, Instant};

use checks::client::dialect::Dialect;
use checks::run::spoken_by;
use checks::step::Step;
use checks::subject::{self, Subject};
use checks::system::tool::Tool;
use tempfile::TempDir;

/// The folder that holds `step1` and the others.
static PROGRAMS: LazyLock<PathBuf> = LazyLock::new(|| {
    let subjects = subject::build().expect("our own programs build");
    let step1 = subjects.iter().find(|subject| subject.step == Step(1));
    let path = PathBuf::from(&step1.expect("there is a step 1").program.command[0]);
    path.parent().expect("it is in a folder").to_path_buf()
});

fn pin(name: &str, output: String) {
    let mut settings = insta::Settings::clone_current();
    settings.set_prepend_module_to_snapshot(false);
    settings.set_snapshot_path("snapshots/command_line");
    settings.set_omit_expression(true);
    settings.bind(|| insta::assert_snapshot!(name, output));
}

/// What `check` prints, and its exit code.
fn check(arguments: &[&str]) -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_check"))
        .args(arguments)
        .current_dir(&*PROGRAMS)
        .output()
        .expect("check runs");
    let stdout = String::from_utf8_lossy(&output.stdout);
    let stderr = String::from_utf8_lossy(&output.stderr);
    let code = output.status.code().unwrap_or(-1);
    format!("{stdout}{stderr}exit code {code}\n")
}

#[test]
fn a_step_passes_its_own_checks() {
    pin("a_step_passes_its_own_checks", check(&["1", "--", "./step1"]));
}

/// So `check` on the step before fails on what is new, and on nothing else: the matrix runs
/// every check in the words of its subject.
#[test]
fn each_program_is_spoken_to_in_its_own_words() {
    for Subject { step, program, .. } in subject::build().expect("our own programs build")
    {
        let spoken = spoken_by(&program, Duration::from_secs(20));
        let spoken = spoken.expect("it listens");
        assert_eq!(spoken, Some(Dialect::of(step)), "step {step}");
    }
}

#[test]
fn bytes_that_differ_are_marked() {
    let name = "each_line_is_counted";
    pin("bytes_that_differ_are_marked", check(&["4", name, "--", "./step3"]));
}

#[test]
fn silence_is_reported() {
    let name = "two_clients_are_answered_in_either_order";
    let arguments = ["2", name, "--patience", "1", "--", "./step1"];
    pin("silence_is_reported", check(&arguments));
}

#[test]
fn a_server_that_dies_is_reported_with_what_it_printed() {
    if Tool::Strace.installed() {
        let name = "an_aborted_accept_harms_nobody";
        let output = check(&["3", name, "--", "./step2"]);
        // Whether the client noticed that it was connected is a matter of luck.
        for line in [
            "  The server ended during the check: it exited with code 1.\n",
            "    stderr: step2: 127.0.0.1:PORT: Software caused connection abort",
            "exit code 1\n",
        ] {
            assert!(output.contains(line), "{output}");
        }
    }
}

#[test]
fn a_program_that_fails_at_once_is_reported_once() {
    let command = ["sh", "-c", "echo no configuration >&2; exit 3"];
    pin(
        "a_program_that_fails_at_once_is_reported_once",
        check(&[&["1", "--"][..], &command].concat()),
    );
}

#[test]
fn a_program_that_never_listens_is_reported_once() {
    let command = ["sh", "-c", "sleep 1000"];
    let arguments = ["1", "--patience", "1", "--"];
    let output = check(&[&arguments[..], &command].concat());
    let (said, port) = output.split_once("127.0.0.1:").expect("it says where");
    let rest = port.trim_start_matches(|digit: char| digit.is_ascii_digit());
    pin(
        "a_program_that_never_listens_is_reported_once",
        format!("{said}127.0.0.1:PORT{rest}"),
    );
}

#[test]
fn a_program_that_is_not_there_is_reported_once() {
    pin(
        "a_program_that_is_not_there_is_reported_once",
        check(&["1", "--", "./no-such-program"]),
    );
}

/// A program in a folder of its own, by which its processes are known.
fn copy_of(step: &str) -> (TempDir, String) {
    let folder = tempfile::tempdir().expect("there is room for a copy");
    let copy = folder.path().join("server");
    std::fs::copy(PROGRAMS.join(step), &copy).expect("it can be copied");
    let name = copy.display().to_string();
    (folder, name)
}

/// As the book tells readers to do in the folder of their own crate.
#[test]
fn it_is_run_from_any_folder() {
    let (folder, _) = copy_of("step1");
    let manifest = concat!(env!("CARGO_MANIFEST_DIR"), "/../Cargo.toml");
    let check = ["1", "what_is_sent_comes_back", "--", "./server"];
    let output = Command::new(env!("CARGO"))
        .args(["run", "-q", "--manifest-path", manifest, "--bin", "check", "--"])
        .args(check)
        .current_dir(folder.path())
        .output()
        .expect("cargo runs");
    let stdout = String::from_utf8_lossy(&output.stdout);
    let passed = "✓ what_is_sent_comes_back\nStep 1: 1 passed, 0 failed\n";
    assert_eq!(stdout, passed, "{}", String::from_utf8_lossy(&output.stderr));
}

#[test]
fn one_who_has_read_enough_leaves_no_server_behind() {
    let (folder, program) = copy_of("step1");
    let mut check = Command::new(env!("CARGO_BIN_EXE_check"))
        .args(["1", "--", &program])
        .stdout(Stdio::piped())
        .spawn()
        .expect("check runs");
    let mut line = String::new();
    let output = check.stdout.take().expect("it is piped");
    BufReader::new(output).read_line(&mut line).expect("it prints");
    assert!(line.starts_with("✓ "), "{line}");
    assert!(!check.wait().expect("it ends").success());
    assert!(!runs(folder.path()));
}

#[test]
fn a_wrapper_is_stopped_with_what_it_wraps() {
    let (folder, copy) = copy_of("step1");
    let wrapper = format!("{copy} \"$0\"; true");
    let name = "what_is_sent_comes_back";
    let output = check(&["1", name, "--", "sh", "-c", &wrapper]);
    assert!(output.ends_with("exit code 0\n"), "{output}");
    // It was told to end, and does so in its own time.
    let start = Instant::now();
    while runs(folder.path()) {
        assert!(start.elapsed() < Duration::from_secs(20), "it still runs");
        std::thread::sleep(Duration::from_millis(10));
    }
}

/// Whether any process runs a program of this folder.
fn runs(folder: &Path) -> bool {
    let processes = procfs::process::all_processes().expect("there is /proc");
    let mut programs = processes.filter_map(|process| process.ok()?.exe().ok());
    programs.any(|program| program.starts_with(folder))
}

#[test]
fn help_says_what_the_exit_codes_mean() {
    let help = check(&["--help"]);
    let codes = help.split("Exit codes:\n").nth(1).expect("there is a list of them");
    for code in ["  0  ", "  1  ", "  2  "] {
        assert_eq!(codes.matches(code).count(), 1, "{help}");
    }
}

#[test]
fn wrong_usage_is_exit_code_two() {
    for arguments in [
        &[][..],
        &["99", "--", "./step1"],
        &["1"],
        &["1", "no_such_check", "--", "./step1"],
        &["1", "each_line_is_counted", "--", "./step1"],
    ] {
        let output = check(arguments);
        assert!(output.ends_with("exit code 2\n"), "{arguments:?}\n{output}");
        assert!(output.contains("error: "), "{output}");
    }
}

#[test]
fn the_list_has_every_check() {
    let list = check(&["--list"]);
    for check in checks::checks::all() {
        let line =
            format!("{:>4}  {}\n      {}\n", check.steps(), check.name, check.claim);
        assert!(list.contains(&line), "{line}");
    }
}
