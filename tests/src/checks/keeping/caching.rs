//! What caches may keep of links and pastes: step 10, and from there on.

use super::posting::{place_of, posted};
use crate::check::Check;
use crate::client::http::requests::request;
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
        response.expect_field("Cache-Control", "no-store")?;
        let place = place_of(&response, target)?;
        for (method, status) in
            [("GET", status), ("HEAD", status), ("DELETE", 204), ("GET", 404)]
        {
            a.send_unnoted(request(method, &place).as_bytes())?;
            let response = a.quiet_response(method)?;
            response.expect_status(status)?;
            response.expect_field("Cache-Control", "no-store")?;
            scene.note(format!("{method} {target}/… → {status}, no-store"));
        }
    }
    Ok(())
}
