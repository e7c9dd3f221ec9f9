//! Checks of what no step does, and only an answer. Their names are for the tables of claims.

mod bodies;
mod chunks;
mod echo;
mod files;
mod http;
mod lines;
mod routes;

use std::thread;
use std::time::Duration;

use checks::check::Check;
use checks::evidence::failure::{Attempt, Failure, Output};
use checks::scene::Scene;
use checks::system::patience::Wait;
use checks::system::trace::Call;

/// A check of the answers' own, or one of the steps'.
pub fn named(name: &str) -> Option<&'static Check> {
    let own = [
        echo::CHECKS,
        lines::CHECKS,
        http::CHECKS,
        bodies::CHECKS,
        chunks::CHECKS,
        routes::CHECKS,
        files::CHECKS,
    ];
    let mut own = own.into_iter().flatten();
    own.find(|check| check.name == name).or_else(|| checks::checks::named(name))
}

/// Waits until the server has printed this.
fn expect_printed(scene: &mut Scene, text: &str) -> Attempt {
    let mut wait = Wait::new(scene.start()?.process(), scene.patience);
    loop {
        let Output { stdout, stderr } = scene.start()?.output();
        if stdout.contains(text) || stderr.contains(text) {
            return Ok(());
        }
        if wait.is_over() {
            let printed = format!("{stdout}{stderr}");
            return Err(Failure::fact("what the server prints", text, printed));
        }
        thread::sleep(Duration::from_millis(5));
    }
}

fn expect_equal(what: &str, expected: impl ToString, received: impl ToString) -> Attempt {
    let (expected, received) = (expected.to_string(), received.to_string());
    match expected == received {
        true => Ok(()),
        false => Err(Failure::fact(what, expected, received)),
    }
}

/// The calls of these names from the one on that has the text in its arguments.
fn calls_from(scene: &Scene, text: &str, names: &[&str]) -> Vec<Call> {
    let calls = scene.calls().into_iter();
    let calls = calls.skip_while(|call| !call.args.contains(text));
    calls.filter(|call| names.contains(&call.name.as_str())).collect()
}
