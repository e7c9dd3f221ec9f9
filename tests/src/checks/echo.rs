//! What comes back, as long as that is what was sent: steps 1 to 3.

use crate::check::Check;
use crate::client::Options;
use crate::evidence::failure::{Attempt, Failure};
use crate::evidence::text::amount;
use crate::scene::Scene;

pub const CHECKS: &[Check] = &[
    Check::new(
        1,
        "what_is_sent_comes_back",
        "What a client sends comes back, byte for byte.",
        what_is_sent_comes_back,
    )
    .until(3),
    Check::new(
        1,
        "a_mebibyte_comes_back_in_order",
        "A mebibyte comes back in order to a client that reads while it sends.",
        a_mebibyte_comes_back_in_order,
    )
    .until(3),
    Check::new(
        1,
        "the_second_client_waits_for_the_first",
        "While the first client stays, the second gets no answer.",
        the_second_client_waits_for_the_first,
    )
    .fault(),
    Check::new(
        2,
        "a_slow_reader_loses_bytes",
        "A client that reads late gets less than it sent.",
        a_slow_reader_loses_bytes,
    )
    .fault(),
];

fn what_is_sent_comes_back(scene: &mut Scene) -> Attempt {
    let mut a = scene.connect()?;
    a.send("hello\n")?;
    a.expect("hello\n")?;
    a.send(b"\0\xff, and no line end")?;
    a.expect(b"\0\xff, and no line end")?;
    a.expect_silence()
}

fn a_mebibyte_comes_back_in_order(scene: &mut Scene) -> Attempt {
    let mut a = scene.connect()?;
    let numbers = 0..(1 << 20) / 8;
    let data: String = numbers.map(|number| format!("{number:07}\n")).collect();
    a.exchange(data.as_bytes(), data.as_bytes())
}

fn the_second_client_waits_for_the_first(scene: &mut Scene) -> Attempt {
    let mut a = scene.connect()?;
    a.ask()?;
    let mut b = scene.connect()?;
    b.question()?;
    a.ask()?;
    if b.is_answered()? {
        b.answer()?;
        return Err(Failure::ahead(
            "the second client is answered while the first stays",
        ));
    }
    a.close();
    b.answer()
}

/// Others are answered meanwhile: a server that waits for the client loses nothing either.
fn a_slow_reader_loses_bytes(scene: &mut Scene) -> Attempt {
    let mut a = scene.connect_with(Options::SMALL_BUFFERS)?;
    let mut b = scene.connect()?;
    let data = vec![b'x'; 32 << 20];
    a.note("→ 33,554,432 bytes, reading nothing");
    let taken = a.send_until_refused(&data);
    b.ask()?;
    let received = a.send_the_rest_and_read(&data[taken..])?;
    if received == data {
        return Err(Failure::ahead("a client that reads late gets all that it sent"));
    }
    let lossy = received.len() < data.len() && data.starts_with(&received);
    let amount = amount(received.len());
    a.expect_fact("what comes back", "a part of what it sent", amount, lossy)?;
    a.note("← fewer bytes than it sent, and the end");
    Ok(())
}
