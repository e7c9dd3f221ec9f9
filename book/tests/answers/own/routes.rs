//! Chapter 9.

use checks::check::Check;
use checks::evidence::failure::Attempt;
use checks::scene::Scene;

pub const CHECKS: &[Check] = &[Check::new(
    9,
    "the_greeting_can_be_changed",
    "PUT /greeting puts its body in the place of Hello, if it isn't too long.",
    the_greeting_can_be_changed,
)];

const GREET: &str = "GET /hello/Ferris HTTP/1.1\r\nHost: a\r\n\r\n";

fn the_greeting_can_be_changed(scene: &mut Scene) -> Attempt {
    let mut a = scene.connect()?;
    a.send(GREET)?;
    a.quiet_response("GET")?.expect_body("Hello, Ferris!\n")?;
    for (length, body, status) in
        [(12, "Good morning".to_owned(), 204), (100, "x".repeat(100), 204)]
    {
        a.send(put(length) + &body)?;
        a.quiet_response("PUT")?.expect_status(status)?;
        a.send(GREET)?;
        a.quiet_response("GET")?.expect_body(format!("{body}, Ferris!\n"))?;
    }
    a.send("GET /greeting HTTP/1.1\r\nHost: a\r\n\r\n")?;
    a.quiet_response("GET")?.expect_status(405)?;
    a.send(put(101) + &"x".repeat(101))?;
    a.quiet_response("PUT")?.expect_status(413)
}

fn put(length: usize) -> String {
    format!("PUT /greeting HTTP/1.1\r\nHost: a\r\nContent-Length: {length}\r\n\r\n")
}
