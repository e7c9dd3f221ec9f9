//! What comes back, as long as that is what was sent: steps 1 to 3.

use std::net::Shutdown;
use std::thread;

use crate::check::{Attempt, Check};
use crate::client::Client;
use crate::failure::Failure;
use crate::scene::Scene;
use crate::transcript::amount;
use crate::writing::write_within;

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
    let mut a = scene.connect_with_small_buffers()?;
    let mut b = scene.connect()?;
    let data = vec![b'x'; 32 << 20];
    a.note("→ 33,554,432 bytes, reading nothing");
    let taken = a.send_until_refused(&data);
    b.ask()?;
    let received = a.sends_the_rest_and_reads(&data[taken..])?;
    if received == data {
        return Err(Failure::ahead("a client that reads late gets all that it sent"));
    }
    let lossy = received.len() < data.len() && data.starts_with(&received);
    let amount = amount(received.len());
    a.expect_fact("what comes back", "a part of what it sent", amount, lossy)?;
    a.note("← fewer bytes than it sent, and the end");
    Ok(())
}

impl Client {
    /// Everything up to the end, while a thread sends what the server didn't take before, and
    /// then says that no more comes.
    fn sends_the_rest_and_reads(&mut self, rest: &[u8]) -> Attempt<Vec<u8>> {
        let socket = self.socket.try_clone();
        let socket = socket
            .map_err(|error| Failure::own("send and receive at the same time", error))?;
        let patience = self.patience;
        self.half_closes();
        self.widen();
        thread::scope(|scope| {
            let sending = scope.spawn(move || {
                let taken = write_within(&socket, rest, patience).unwrap_or_else(|it| it);
                if taken == rest.len() {
                    let _ = socket.shutdown(Shutdown::Write);
                }
                taken
            });
            let received = self.read_to_end();
            if received.is_err() {
                let _ = self.socket.shutdown(Shutdown::Both);
            }
            let taken = sending.join().expect("it doesn't panic");
            match received {
                Err(_) if taken < rest.len() => Err(self.not_taken(rest.len(), taken)),
                received => received,
            }
        })
    }
}
