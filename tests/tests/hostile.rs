//! Our programs under the hostile kernel: whatever Linux may do to them, every byte is
//! accounted for.

use std::sync::LazyLock;

use checks::check::Step;
use checks::hostile::{SPARED, Served, Trial, Verdict};
use checks::kernel::Library;
use checks::subject::{self, FILES, Subject};
use recording::hostile::Fault;

static LIBRARY: LazyLock<Library> =
    LazyLock::new(|| Library::build().expect("the kernel builds"));
static SUBJECTS: LazyLock<Vec<Subject>> =
    LazyLock::new(|| subject::build().expect("our programs build"));
/// The first step that is to lose nothing.
const FIRST: Step = Step(3);

fn spared() -> Vec<Fault> {
    SPARED.iter().map(|(fault, _)| *fault).collect()
}

fn try_seeds(seeds: std::ops::Range<u64>) {
    let without = spared();
    let mut failures = String::new();
    for subject in SUBJECTS.iter().filter(|subject| subject.step >= FIRST) {
        let folder = subject.program.folder.as_ref().filter(|_| subject.step >= FILES);
        let served = folder.map(|it| Served::beneath(it).expect("files are written"));
        let trial = Trial {
            library: &LIBRARY,
            program: &subject.program,
            step: subject.step,
            without: &without,
            served: served.as_ref(),
        };
        for seed in seeds.clone() {
            match trial.run(seed).expect("it runs") {
                Verdict::Passed(_) => {}
                Verdict::Failed(complaint, ending) => {
                    let words = trial.words(seed, &complaint, &ending);
                    failures.push_str(&format!("step {}: {words}\n", subject.step));
                }
                Verdict::Elsewhere(ending) => panic!("no socket: {ending:?}"),
            }
        }
    }
    assert!(failures.is_empty(), "\n{failures}");
}

#[test]
fn every_byte_is_accounted_for() {
    try_seeds(0..30);
}

#[test]
#[ignore = "the long tier: cargo test -- --ignored"]
fn every_byte_of_hundreds_of_seeds_is_accounted_for() {
    try_seeds(30..400);
}
