//! What all connections together hold of the server's memory.

use crate::check::Check;
use crate::client::Options;
use crate::evidence::failure::{Attempt, Failure};
use crate::evidence::text::{amount, grouped};
use crate::scene::Scene;
use crate::system::descriptors::raise_limit;

pub const CHECKS: &[Check] = &[Check::new(
    14,
    "heads_that_do_not_end_fill_no_memory",
    "However many clients begin a head, what the server keeps of all of them has a bound.",
    heads_that_do_not_end_fill_no_memory,
)];

fn heads_that_do_not_end_fill_no_memory(scene: &mut Scene) -> Attempt {
    const CLIENTS: usize = 1800;
    const LENGTH: usize = 16_000;
    const MOST: u64 = 22 << 20;
    raise_limit();
    let mut first = scene.connect_with(Options::QUIET)?;
    first.ask()?;
    let before = scene.readings()?.memory;
    let start = "GET / HTTP/1.1\r\nHost: localhost\r\nX: ";
    let head = format!("{start}{}", "x".repeat(LENGTH - start.len()));
    let mut clients = Vec::new();
    for _ in 0..CLIENTS {
        let mut client = scene.connect_with(Options::QUIET)?;
        client.send(&head)?;
        clients.push(client);
    }
    scene.until_asleep()?;
    let (count, length) = (grouped(CLIENTS as u64), amount(LENGTH));
    scene.note(format!("{count} clients begin a head, of which they send {length} each"));
    let grown = scene.readings()?.memory.saturating_sub(before);
    if grown > MOST {
        let most = format!("at most {}", amount(MOST as usize));
        let what = "growth of the server's memory";
        return Err(Failure::fact(what, most, amount(grown as usize)));
    }
    scene.note(format!(
        "the server's memory grows by less than {}",
        amount(MOST as usize)
    ));
    let mut last = scene.connect()?;
    last.ask()
}
