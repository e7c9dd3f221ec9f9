//! What links, pastes and unfinished uploads may take in memory, all together: step 10, and
//! from there on.

use super::posting::{LIMIT, place_of, posted};
use crate::check::Check;
use crate::client::http::requests::{request, upload};
use crate::client::{Client, Options};
use crate::evidence::failure::Attempt;
use crate::evidence::text::amount;
use crate::scene::Scene;
use crate::scene::site::noise;
use crate::system::patience::{Pause, Wait};

pub const CHECKS: &[Check] = &[
    Check::new(
        10,
        "too_many_pastes_are_refused",
        "When there is no more room a paste is 507, until one is deleted.",
        too_many_pastes_are_refused,
    ),
    Check::new(
        10,
        "unfinished_uploads_take_their_room",
        "64 uploads of a MiB that don't end leave room for no paste, until they go.",
        unfinished_uploads_take_their_room,
    ),
    Check::new(
        10,
        "missing_room_is_told_before_the_body",
        "A client that waits for 100 is told at once that there is no more room.",
        missing_room_is_told_before_the_body,
    ),
];

/// All that may be kept, in pastes of the greatest length.
const ROOM: usize = 64;

fn too_many_pastes_are_refused(scene: &mut Scene) -> Attempt {
    const MOST: usize = 1000;
    let paste = noise(LIMIT);
    let mut a = scene.connect()?;
    let mut places = Vec::new();
    while places.len() <= MOST {
        let response = posted(&mut a, "/p", &paste)?;
        if response.status == 507 {
            break;
        }
        places.push(place_of(&response, "/p")?);
    }
    let kept = places.len();
    a.expect_fact("pastes of a mebibyte kept", MOST, kept, (1..=MOST).contains(&kept))?;
    a.note("← HTTP/1.1 507 …, to one paste too many");
    // A refusal of a long body ends the connection.
    let mut b = scene.connect()?;
    b.send_unnoted(request("DELETE", &places[0]).as_bytes())?;
    b.quiet_response("DELETE")?.expect_status(204)?;
    place_of(&posted(&mut b, "/p", &paste)?, "/p")?;
    b.note("deletes one → 204; another takes its room → 201");
    posted(&mut b, "/p", &paste)?.expect_status(507)
}

fn unfinished_uploads_take_their_room(scene: &mut Scene) -> Attempt {
    let mut a = scene.connect()?;
    for _ in 0..2 {
        let mut crowd = stalled(scene)?;
        expect_507(&mut a)?;
        let rest = crowd.split_off(ROOM / 2);
        leave(crowd);
        let place = once_there_is_room(scene, &noise(LIMIT))?;
        a.note("half of them go, and then a paste of a MiB → 201");
        a.send_unnoted(request("DELETE", &place).as_bytes())?;
        a.quiet_response("DELETE")?.expect_status(204)?;
        leave(rest);
        // The room of the last one, too.
        let pastes: Attempt<Vec<_>> =
            (1..ROOM).map(|_| once_there_is_room(scene, &noise(LIMIT))).collect();
        for place in pastes? {
            a.send_unnoted(request("DELETE", &place).as_bytes())?;
            a.quiet_response("DELETE")?.expect_status(204)?;
        }
        a.note(format!("all go, and then {} pastes of a MiB → 201", ROOM - 1));
    }
    Ok(())
}

/// Clients whose uploads have begun. Most say how long theirs will be; the others have sent
/// all but the end.
fn stalled(scene: &mut Scene) -> Attempt<Vec<Client>> {
    const LENGTH: usize = LIMIT - 1;
    let mut crowd = Vec::new();
    let in_chunks = upload("/p", "Transfer-Encoding: chunked")
        + &format!("{LENGTH:x}\r\n{}\r\n", "x".repeat(LENGTH));
    let by_length = upload("/p", &format!("Content-Length: {LENGTH}")) + "x";
    for number in 0..ROOM {
        let mut client = scene.connect_with(Options::QUIET)?;
        let is_whole = number % 16 == 0;
        client.send(if is_whole { &in_chunks } else { &by_length })?;
        client.until_read()?;
        crowd.push(client);
    }
    let length = amount(LENGTH);
    scene.note(format!("{ROOM} clients begin to send {length} each, and stop"));
    Ok(crowd)
}

/// Every other one without a goodbye.
fn leave(crowd: Vec<Client>) {
    for (number, client) in crowd.into_iter().enumerate() {
        match number % 2 {
            0 => client.close(),
            _ => client.reset(),
        }
    }
}

fn expect_507(client: &mut Client) -> Attempt {
    posted(client, "/p", &noise(1000))?.expect_status(507)?;
    client.note("a paste of 1,000 bytes → 507");
    Ok(())
}

/// The place of a paste that may be refused until the server has noticed that others left. A
/// refusal may end the connection.
fn once_there_is_room(scene: &mut Scene, paste: &[u8]) -> Attempt<String> {
    let mut wait: Option<Wait> = None;
    let mut pause = Pause::new();
    loop {
        let mut client = scene.connect_with(Options::QUIET)?;
        let response = posted(&mut client, "/p", paste)?;
        let wait = wait.get_or_insert_with(|| client.wait());
        if response.status != 507 || wait.is_over() {
            return place_of(&response, "/p");
        }
        pause.sleep();
    }
}

fn missing_room_is_told_before_the_body(scene: &mut Scene) -> Attempt {
    let crowd = stalled(scene)?;
    let mut a = scene.connect()?;
    a.send(upload("/p", "Expect: 100-continue\r\nContent-Length: 1000"))?;
    let response = a.response()?;
    response.expect_status(507)?;
    response.expect_field("Connection", "close")?;
    a.expect_end()?;
    leave(crowd);
    once_there_is_room(scene, b"a paste")?;
    scene.note("they go, and then a paste → 201");
    Ok(())
}
