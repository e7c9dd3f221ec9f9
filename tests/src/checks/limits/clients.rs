//! More clients than a server has places for: in all, or of one address.

use std::net::Ipv4Addr;
use std::thread;
use std::time::Duration;

use crate::check::Check;
use crate::checks::keeping::posting::place_of;
use crate::client::http::requests::{request, upload};
use crate::client::{Client, Options};
use crate::evidence::failure::{Attempt, Failure};
use crate::scene::Scene;

pub const CHECKS: &[Check] = &[
    Check::new(
        14,
        "a_new_client_is_answered_when_all_places_are_taken",
        "With few descriptors, and more idle clients than those, a new client is answered.",
        a_new_client_is_answered_when_all_places_are_taken,
    ),
    Check::new(
        14,
        "one_address_cannot_take_all_places",
        "However many clients come from one address, there are places for others.",
        one_address_cannot_take_all_places,
    ),
    Check::new(
        14,
        "the_connection_idle_for_longest_goes_first",
        "A client too many costs the connection that has been idle for longest.",
        the_connection_idle_for_longest_goes_first,
    ),
    Check::new(
        14,
        "a_busy_connection_is_kept",
        "If none of the connections is idle, it is the client too many that is let go.",
        a_busy_connection_is_kept,
    ),
];

/// How many descriptors aren't for clients.
const RESERVE: usize = 16;

/// Has so many places for clients that half of them, the share of one address, are these.
fn start_with_places(scene: &mut Scene, places: usize) -> Attempt {
    scene.start_with_descriptors((RESERVE + 2 * places) as u32)
}

fn a_new_client_is_answered_when_all_places_are_taken(scene: &mut Scene) -> Attempt {
    start_with_places(scene, 4)?;
    let _crowd = scene.connect_crowd(40)?;
    let mut a = scene.connect()?;
    a.ask()?;
    scene.expect_rest()?;
    a.ask()
}

fn one_address_cannot_take_all_places(scene: &mut Scene) -> Attempt {
    const PLACES: usize = 16;
    const CROWD: usize = 100;
    let of = |last: u8| Options {
        own: Some(Ipv4Addr::new(127, 0, 0, last)),
        ..Options::default()
    };
    start_with_places(scene, PLACES)?;
    let mut first = scene.connect_with(of(2))?;
    first.ask()?;
    let crowd = scene.connect_crowd(CROWD)?;
    let mut last = scene.connect_with(of(3))?;
    last.ask()?;
    first.ask()?;
    scene.until_asleep()?;
    let kept = crowd.iter().filter(|client| !client.has_heard()).count();
    if kept > PLACES {
        let what = format!("how many of {CROWD} clients of one address are kept");
        return Err(Failure::fact(what, format!("at most {PLACES}"), kept));
    }
    scene.note(format!("of {CROWD} clients of one address at most {PLACES} are kept"));
    Ok(())
}

fn the_connection_idle_for_longest_goes_first(scene: &mut Scene) -> Attempt {
    const PLACES: usize = 4;
    start_with_places(scene, PLACES)?;
    let mut clients =
        (0..PLACES).map(|_| scene.connect()).collect::<Attempt<Vec<_>>>()?;
    for client in &mut clients {
        client.ask()?;
        pass_a_moment();
    }
    clients[0].ask()?;
    pass_a_moment();
    for new in 0..2 {
        let mut client = scene.connect()?;
        client.ask()?;
        pass_a_moment();
        // The first has asked again since.
        clients[1 + new].expect_end()?;
        clients.push(client);
    }
    for stayed in [0, 3, 4, 5] {
        clients[stayed].ask()?;
    }
    Ok(())
}

/// So that clocks of milliseconds tell what came first.
fn pass_a_moment() {
    thread::sleep(Duration::from_millis(10));
}

fn a_busy_connection_is_kept(scene: &mut Scene) -> Attempt {
    const LARGE: u64 = 24 << 20;
    let site = scene.site()?;
    site.sparse("large", LARGE)?;
    start_with_places(scene, 4)?;
    let mut uploads = [scene.connect()?, scene.connect()?];
    for client in &mut uploads {
        client.send(upload("/p", "Content-Length: 5") + "he")?;
        client.until_read()?;
    }
    let mut readers = Vec::new();
    for _ in 0..2 {
        let mut reader = scene.connect_with(Options::SMALL_BUFFERS)?;
        reader.send_unnoted(request("GET", &site.target("large")).as_bytes())?;
        reader.until_answered()?;
        reader.note("← the start of a file of 24 MiB, and reads no more");
        readers.push(reader);
    }
    scene.connect()?.expect_end_or_reset()?;
    for client in &mut uploads {
        client.send("llo")?;
        place_of(&client.quiet_response("POST")?, "/p")?;
        client.note("← HTTP/1.1 201 Created …");
    }
    readers.into_iter().try_for_each(|reader| read_all(reader, LARGE))
}

fn read_all(mut reader: Client, length: u64) -> Attempt {
    reader.widen();
    let mut left = reader.skip_head()?;
    reader.expect_fact("the length", length, left, left == length)?;
    while left > 0 {
        left -= reader.skip_some(left)?;
    }
    reader.note("reads all of it");
    Ok(())
}
