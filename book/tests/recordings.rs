//! Law 3: what the book shows is what its commands print, now.

use std::path::{Path, PathBuf};

use book::record::recording;
use book::record::{self, Outcome, RECORDINGS};
use book::replay;
use checks::tool::left_out;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).to_path_buf()
}

#[test]
fn every_run_goes_as_recorded() {
    let mut wrong = String::new();
    let done = record::repeat(&root(), &[], |name, outcome| match outcome {
        Outcome::Same => {}
        Outcome::Different(diff) => wrong.push_str(&format!(
            "\n{name} isn't what its commands print now; if that is right,\n    \
             cargo run --release -p book -- record {name}\n{diff}"
        )),
        Outcome::Skipped(tool) => left_out(format!("the run {name}"), tool),
    });
    done.expect("the programs build and the runs are well defined");
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
        let facts = recording::replay(&folder, name).expect("it can be read");
        let scene = replay::scene(&facts);
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
