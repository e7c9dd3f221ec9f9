//! Law 3: what the book shows is what its commands print, now.

use std::path::{Path, PathBuf};

use anyhow::Result;
use book::record::kept::{self, RECORDINGS};
use book::record::{self, Outcome};
use book::replay;
use checks::system::tool::left_out;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).to_path_buf()
}

/// On any machine, however busy: the recording has the kernel's part. So what the commands in a
/// terminal were sent they would be sent again.
#[test]
fn every_recorded_server_does_again_what_it_did() {
    assert_same(|tell| record::replay_servers(&root(), tell));
}

/// So a check that is new, that has another name or that passes elsewhere makes what is shown of
/// it stale. That each passes or fails as it is pinned is shown by the tests of the checks.
#[test]
fn what_check_printed_follows_from_what_is_pinned() {
    assert_same(|tell| record::derive_checks(&root(), tell));
}

/// The real programs, with the kernel as it is.
#[test]
#[ignore = "the long tier: cargo test --no-fail-fast -- --ignored"]
fn every_command_prints_again_what_it_printed() {
    assert_same(|tell| record::repeat_commands(&root(), tell));
}

fn assert_same(run: impl FnOnce(&mut dyn FnMut(&str, Outcome)) -> Result<()>) {
    let mut wrong = String::new();
    let done = run(&mut |name, outcome| match outcome {
        Outcome::Same => {}
        Outcome::Different(difference) => wrong.push_str(&format!(
            "\n{name} isn't what its programs do now; if that is right,\n    \
             cargo run -p book -- record {name}\n{difference}"
        )),
        Outcome::Skipped(tool) => left_out(format!("the run {name}"), tool),
    });
    done.expect(
        "the programs build, the runs are well defined, and what they show is pinned",
    );
    assert!(wrong.is_empty(), "{wrong}");
}

#[test]
fn every_recording_has_a_definition() {
    let left_over = record::left_over(&root()).expect("runs and recordings can be read");
    assert!(left_over.is_empty(), "nothing in runs/ makes {left_over:?}");
}

/// The bytes that read and write returned are those that the kernel says wait.
#[test]
fn calls_and_buffers_agree() {
    let folder = root().join(RECORDINGS);
    let mut seen = 0;
    for entry in std::fs::read_dir(&folder).expect("there are recordings") {
        let path = entry.expect("the folder can be read").path();
        if path.extension().is_none_or(|it| it != "json") {
            continue;
        }
        let name = path.file_stem().and_then(|it| it.to_str()).expect("a name");
        let recording = kept::replay(&folder, name).expect("it can be read");
        let scene = replay::scene(&recording);
        assert!(scene.is_ok(), "{name}: {:#}", scene.err().expect("it fails"));
        seen += 1;
    }
    assert!(seen > 0, "there is no replay");
}

#[test]
fn what_is_missing_is_named() {
    let error = replay::run(&root(), "99-nothing").expect_err("there is no such run");
    let error = format!("{error:#}");
    assert!(error.contains("recordings/99-nothing.txt"), "{error}");
    assert!(error.contains("record 99-nothing"), "{error}");
}
