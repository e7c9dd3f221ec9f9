//! The poller that isn't the default: with poll(2) our programs pass every check but the one for
//! which they have epoll(7).

use std::num::NonZero;
use std::ops::ControlFlow;
use std::thread;

use checks::check::Check;
use checks::checks::all;
use checks::client::dialect::Dialect;
use checks::report;
use checks::run::{Outcome, run, run_each};
use checks::subject;
use checks::system::patience::PATIENT;

/// poll(2) looks at every connection each time.
const DEARER: &str = "idle_clients_make_no_request_dearer";

#[test]
#[ignore = "the long tier: cargo test --no-fail-fast -- --ignored"]
fn with_poll_all_checks_pass_but_the_one_of_idle_clients() {
    let cores = thread::available_parallelism().map_or(1, NonZero::get);
    for subject in subject::build().expect("our own programs build") {
        let Some(program) = subject.on_poll() else { continue };
        let checks: Vec<&Check> =
            all().filter(|check| check.holds_for(subject.step)).collect();
        let (mut failed, mut reports) = (Vec::new(), String::new());
        run_each(
            &checks,
            3 * cores,
            |check| run(check, &program, Dialect::of(subject.step), PATIENT),
            |check, outcome| {
                if let Outcome::Failed(failure) = outcome {
                    failed.push(check.name);
                    reports.push_str(&report::failed(check, &failure, &program));
                }
                ControlFlow::Continue(())
            },
        );
        assert_eq!(failed, [DEARER], "step {}:\n{reports}", subject.step);
    }
}
