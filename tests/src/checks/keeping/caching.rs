//! What caches may keep of links and pastes: step 10, and from there on.

use super::posting::{place_of, posted};
use crate::check::Check;
use crate::client::http::requests::request;
use crate::client::http::response::Response;
use crate::evidence::failure::Attempt;
use crate::scene::Scene;

pub const CHECKS: &[Check] = &[Check::new(
    10,
    "no_cache_keeps_what_may_be_gone",
    "What is answered about a link or a paste isn't for caches to keep, errors included.",
    no_cache_keeps_what_may_be_gone,
)];

fn no_cache_keeps_what_may_be_gone(scene: &mut Scene) -> Attempt {
    let mut a = scene.connect()?;
    for (target, status) in [("/s", 302), ("/p", 200)] {
        let response = posted(&mut a, target, b"https://example.org/")?;
        expect_no_store(&response)?;
        let place = place_of(&response, target)?;
        for (method, status) in [
            ("GET", status),
            ("HEAD", status),
            ("PUT", 405),
            ("DELETE", 204),
            ("GET", 404),
        ] {
            a.send_unnoted(request(method, &place).as_bytes())?;
            let response = a.quiet_response(method)?;
            response.expect_status(status)?;
            expect_no_store(&response)?;
            scene.note(format!("{method} {target}/… → {status}, no-store"));
        }
    }
    Ok(())
}

/// It may say more than that.
fn expect_no_store(response: &Response) -> Attempt {
    let said = response.values("Cache-Control").join(", ");
    let says_it = said.split(',').any(|word| word.trim() == "no-store");
    let received = if says_it { "no-store" } else { &said };
    response.expect_fact("Cache-Control", "no-store", received)
}
