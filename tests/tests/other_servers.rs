//! What `check` says to servers that others wrote: the scripts in `servers`, each made for one
//! thing that `check` must get right.

use std::process::Command;
use std::thread;

use checks::system::tool::{Tool, left_out};

const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/servers");

/// Generous: a silence that isn't expected fails a test, and one that is has to be waited for.
const PATIENCE: &str = "5";

/// What `check` prints of one of the servers, and its exit code. `None` where Python is missing.
fn check(arguments: &[&str], server: &[&str]) -> Option<String> {
    if !Tool::Python.installed() {
        left_out(format!("check {} on {server:?}", arguments.join(" ")), Tool::Python);
        return None;
    }
    let output = Command::new(env!("CARGO_BIN_EXE_check"))
        .args(arguments)
        .args(["--patience", PATIENCE, "--", "python3"])
        .args(server)
        .current_dir(FOLDER)
        .output()
        .expect("check runs");
    assert_eq!(String::from_utf8_lossy(&output.stderr), "");
    let stdout = String::from_utf8_lossy(&output.stdout);
    Some(format!("{stdout}exit code {}\n", output.status.code().unwrap_or(-1)))
}

fn pin(name: &str, output: &str) {
    let mut settings = insta::Settings::clone_current();
    settings.set_prepend_module_to_snapshot(false);
    settings.set_snapshot_path("snapshots/other_servers");
    settings.set_omit_expression(true);
    settings.bind(|| insta::assert_snapshot!(name, output));
}

fn passes(step: &str, name: &str, server: &[&str]) {
    if let Some(output) = check(&[step, name], server) {
        assert!(output.ends_with("1 passed, 0 failed\nexit code 0\n"), "{output}");
    }
}

fn fails(step: &str, name: &str, server: &[&str]) {
    if let Some(output) = check(&[step, name], server) {
        assert!(output.ends_with("exit code 1\n"), "{output}");
        pin(&format!("{}_{name}", server[1]), &output);
    }
}

fn is_ahead(step: &str, name: &str, server: &[&str]) {
    if let Some(output) = check(&[step, name], server) {
        let all = format!("Step {step}: 0 passed, 1 ahead, 0 failed\nexit code 0\n");
        assert!(output.ends_with(&all), "{output}");
        assert!(output.starts_with(&format!("+ {name}: ahead, since ")), "{output}");
    }
}

#[test]
fn a_server_better_than_its_step_is_ahead() {
    let Some(output) = check(&["2"], &["asyncio_echo.py"]) else {
        return;
    };
    let ahead = "+ a_slow_reader_loses_bytes: ahead, since a client that reads late gets all \
                 that it sent\n";
    assert!(output.contains(ahead), "{output}");
    let all = "Step 2: 12 passed, 1 ahead, 0 failed\nexit code 0\n";
    assert!(output.ends_with(all), "{output}");
}

#[test]
fn each_fault_of_a_step_may_be_mended_already() {
    is_ahead("1", "the_second_client_waits_for_the_first", &["asyncio_echo.py"]);
    is_ahead("5", "a_response_ends_the_connection", &["http.py", "keep-alive"]);
    is_ahead("5", "a_response_ends_the_connection", &["http.py", "drops"]);
    is_ahead("6", "a_request_with_a_body_ends_the_connection", &["http.py", "bodies"]);
    is_ahead("7", "a_transfer_coding_ends_the_connection", &["http.py", "bodies"]);
}

/// It neither has the fault nor does what mends it.
#[test]
fn a_server_that_does_neither_is_not_ahead() {
    fails("5", "a_response_ends_the_connection", &["http.py", "second-ends"]);
    fails("6", "a_request_with_a_body_ends_the_connection", &["http.py", "keep-alive"]);
}

#[test]
fn one_that_keeps_what_a_slow_reader_is_owed_is_faulted_for_its_memory_alone() {
    let server = ["asyncio_echo.py", "without-drain"];
    passes("3", "a_slow_reader_gets_every_byte", &server);
    passes("3", "a_slow_reader_holds_nobody_up", &server);
    passes("3", "a_slow_reader_that_half_closes_gets_every_byte", &server);
    fails("3", "a_slow_reader_fills_no_memory", &server);
}

/// What was said of these before: "The server should close here, and keeps the connection
/// open."
#[test]
fn connections_that_stay_are_not_told_to_end() {
    // Most of them wait most of the time.
    thread::scope(|scope| {
        for kind in ["keep-alive", "drops", "second-ends", "stays"] {
            let name = "two_clients_are_answered_in_either_order";
            scope.spawn(move || passes("6", name, &["http.py", kind]));
        }
    });
    let server = ["http.py", "drops"];
    passes("6", "a_client_that_leaves_makes_room_for_the_next", &server);
    passes("6", "a_half_closed_client_gets_what_it_is_owed", &server);
    fails("6", "two_requests_in_one_write_are_both_answered", &server);
    if let Some(output) = check(&["6", "a_slow_reader_gets_every_byte"], &server) {
        assert!(output.ends_with("exit code 1\n"), "{output}");
        assert!(!output.contains("should close"), "{output}");
    }
}

#[test]
fn a_connection_that_its_second_request_ends_is_not_told_to_end() {
    fails("6", "a_connection_stays_for_the_next_request", &["http.py", "second-ends"]);
}

#[test]
fn one_request_on_a_connection_is_known_by_its_end() {
    let server = ["http.py", "once"];
    passes("6", "a_client_that_leaves_makes_room_for_the_next", &server);
    passes("6", "clients_that_leave_leave_nothing_behind", &server);
    fails("6", "a_connection_stays_for_the_next_request", &server);
}

#[test]
fn advice_to_close_is_for_those_who_have_to() {
    fails("5", "a_page_comes_with_its_length_and_type", &["http.py", "stays"]);
    fails("5", "a_page_comes_with_its_length_and_type", &["http.py", "no-length"]);
}

#[test]
fn silence_is_no_dialect() {
    fails("6", "a_client_that_leaves_makes_room_for_the_next", &["http.py", "waits"]);
}

#[test]
fn a_program_that_listens_elsewhere_is_told_once() {
    for [host, port] in [["127.0.0.1", "own"], ["::1", "given"], ["::", "given"]] {
        if let Some(output) = check(&["1"], &["listens.py", host, port]) {
            assert_eq!(output.lines().count(), 2, "{output}");
            assert!(output.ends_with(", its last argument.\nexit code 1\n"), "{output}");
            let host = if host.contains(':') { format!("[{host}]") } else { host.into() };
            let start = format!("  It listens on {host}:");
            assert!(output.starts_with(&start), "{output}");
            assert!(output.contains(", and not on 127.0.0.1:"), "{output}");
        }
    }
}

#[test]
fn a_program_that_wants_a_taken_address_is_told_once() {
    if let Some(output) = check(&["1"], &["listens.py", "127.0.0.1", "taken"]) {
        let told = "  The server ended before it listened: it wants an address that is in \
                    use, and not\n  127.0.0.1:";
        assert!(output.starts_with(told), "{output}");
        assert_eq!(output.matches("in use, and not").count(), 1, "{output}");
        assert!(output.ends_with("at a time.\nexit code 1\n"), "{output}");
    }
}

#[test]
fn a_program_may_listen_everywhere() {
    let server = ["listens.py", "0.0.0.0", "given"];
    if let Some(output) = check(&["1", "what_is_sent_comes_back"], &server) {
        assert!(output.contains("A connects"), "{output}");
    }
}
