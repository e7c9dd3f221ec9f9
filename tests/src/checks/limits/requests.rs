//! How many requests a connection may make.

use crate::check::Check;
use crate::client::http::requests::request;
use crate::client::{Client, Options};
use crate::evidence::failure::Attempt;
use crate::evidence::text::grouped;
use crate::scene::Scene;

pub const CHECKS: &[Check] = &[Check::new(
    14,
    "a_connection_has_ten_thousand_requests",
    "The 10,000th response on a connection says close, and is the last that the client gets.",
    a_connection_has_ten_thousand_requests,
)];

fn a_connection_has_ten_thousand_requests(scene: &mut Scene) -> Attempt {
    const MOST: usize = 10_000;
    const BEHIND: usize = 1000;
    let mut a = scene.connect_with(Options::QUIET)?;
    let requests = request("HEAD", "/").repeat(MOST + BEHIND);
    a.while_it_sends(requests.as_bytes(), expect_the_last)?;
    let [most, behind] = [MOST, BEHIND].map(|count| grouped(count as u64));
    scene.note(format!("a client sends {most} requests, and {behind} behind them"));
    scene.note(format!("← {most} responses, of which the last says close, and the end"));
    return Ok(());

    fn expect_the_last(client: &mut Client) -> Attempt {
        for number in 1..=MOST {
            let response = client.quiet_response("HEAD")?;
            let name = format!("request {number}");
            response.expect_status_of(&name, 200)?;
            let (is_last, says_close) = (number == MOST, response.says_close());
            let what = format!("whether the response to {name} says close");
            client.expect_fact(&what, is_last, says_close, is_last == says_close)?;
        }
        client.expect_end()
    }
}
