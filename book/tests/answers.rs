//! Each exercise's answer compiles and does what its chapter says of it.

#[path = "answers/mod.rs"]
mod answers;
mod workshop;

use answers::{chapters, trial};
use book::answers::Answers;
use book::build::root;
use book::source::Steps;

fn all() -> Answers {
    let steps = Steps::read(&root()).unwrap();
    let answers = Answers::read(&root().join("answers"), &steps);
    answers.unwrap_or_else(|error| panic!("\n{error:#}\n"))
}

#[test]
#[ignore = "the long tier: cargo test --no-fail-fast -- --ignored"]
fn each_answer_does_what_is_claimed() {
    let faults = trial::faults(&all());
    assert!(faults.is_empty(), "\n{}\n", faults.join("\n"));
}

#[test]
fn each_answer_is_in_its_exercise() {
    let faults = chapters::faults(&all());
    assert!(faults.is_empty(), "\n{}\n", faults.join("\n"));
}
