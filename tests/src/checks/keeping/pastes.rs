//! Pastes, and what becomes of them and of links: step 10, and from there on.

use super::posting::{LIMIT, expect_paste, place_of};
use crate::check::Check;
use crate::client::http::requests::{post, post_in_chunks, request};
use crate::evidence::failure::Attempt;
use crate::evidence::text::amount;
use crate::scene::Scene;
use crate::scene::site::noise;

pub const CHECKS: &[Check] = &[
    Check::new(
        10,
        "a_paste_comes_back_byte_for_byte",
        "POST /p keeps what it is sent, GET gives it back as text that isn't sniffed.",
        a_paste_comes_back_byte_for_byte,
    ),
    Check::new(
        10,
        "what_is_deleted_is_gone",
        "DELETE takes a link or a paste away: it is 404, and its key is free.",
        what_is_deleted_is_gone,
    ),
];

fn a_paste_comes_back_byte_for_byte(scene: &mut Scene) -> Attempt {
    let mut a = scene.connect()?;
    for length in [0, 1, 65_536, LIMIT] {
        let paste = noise(length);
        for (sent, how) in [
            (post("/p", &paste), "at once"),
            (post_in_chunks("/p", &paste, 10_007), "in chunks"),
        ] {
            a.send_unnoted(&sent)?;
            let place = place_of(&a.quiet_response("POST")?, "/p")?;
            expect_paste(&mut a, &place, &paste)?;
            a.note(format!("a paste of {}, sent {how}, comes back", amount(length)));
        }
    }
    let paste = b"a paste in pieces";
    a.drip(post_in_chunks("/p", paste, 10))?;
    let place = place_of(&a.quiet_response("POST")?, "/p")?;
    expect_paste(&mut a, &place, paste)?;
    a.note("it comes back");
    Ok(())
}

fn what_is_deleted_is_gone(scene: &mut Scene) -> Attempt {
    let mut a = scene.connect()?;
    for (target, place) in [("/s?key=gone", "/s/gone"), ("/p?key=gone", "/p/gone")] {
        for _ in 0..2 {
            a.send(post(target, b"https://example.org/"))?;
            a.response()?.expect_status(201)?;
            a.send(request("DELETE", place))?;
            a.response()?.expect_status(204)?;
            for method in ["GET", "DELETE"] {
                a.send(request(method, place))?;
                a.response()?.expect_status(404)?;
            }
        }
    }
    Ok(())
}
