//! A step is a crate that builds alone: its folder can be copied out and built elsewhere, and
//! what it depends on is what the workspace says.

use std::collections::HashMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use cargo_metadata::MetadataCommand;

/// The compiler's front half tells what is missing; the workspace builds the same files.
#[test]
fn every_step_builds_alone() {
    let away = tempfile::tempdir().unwrap();
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let lock = root().join("Cargo.lock");
    for step in steps() {
        let copy = away.path().join(step.file_name().unwrap());
        copy_folder(&step, &copy);
        fs::copy(&lock, copy.join("Cargo.lock")).unwrap();
        let check = Command::new(&cargo)
            .args(["check", "--offline", "--quiet", "--target-dir"])
            .arg(Path::new(env!("CARGO_TARGET_TMPDIR")).join("alone"))
            .env("RUSTFLAGS", "-D warnings")
            .current_dir(&copy)
            .output()
            .unwrap();
        let complaint = String::from_utf8_lossy(&check.stderr);
        assert!(check.status.success(), "{}:\n{complaint}", step.display());
    }
}

#[test]
fn steps_and_workspace_agree_on_what_they_depend_on() {
    let metadata = MetadataCommand::new().current_dir(root()).no_deps().exec().unwrap();
    let of_final = metadata.packages.iter().find(|package| package.name == "final");
    let of_final = of_final.expect("final is a member");
    let needs = of_final.dependencies.iter();
    let mut known: HashMap<_, _> =
        needs.map(|need| (need.name.clone(), need.req.clone())).collect();
    let mut compared = 0;
    for step in &metadata.packages {
        if !step.manifest_path.as_str().contains("/steps/") {
            continue;
        }
        assert_eq!(step.edition, of_final.edition, "{}", step.name);
        assert_eq!(step.rust_version, of_final.rust_version, "{}", step.name);
        assert_eq!(step.license, of_final.license, "{}", step.name);
        for ours in &step.dependencies {
            // What final doesn't need, the steps that do agree on.
            let theirs = known.entry(ours.name.clone()).or_insert(ours.req.clone());
            assert_eq!(ours.req, *theirs, "{} in {}", ours.name, step.name);
            compared += 1;
        }
    }
    assert!(compared >= 10, "only {compared} dependencies were compared");
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_owned()
}

fn steps() -> Vec<PathBuf> {
    let entries = fs::read_dir(root().join("steps")).unwrap();
    let mut steps: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
    steps.sort();
    assert!(steps.len() >= 6, "{steps:?}");
    steps
}

fn copy_folder(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let path = entry.unwrap().path();
        let copy = to.join(path.file_name().unwrap());
        if path.is_dir() {
            copy_folder(&path, &copy);
        } else {
            fs::copy(&path, &copy).unwrap();
        }
    }
}
