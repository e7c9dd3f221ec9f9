//! What clients of the echo and of the counted lines say.

use fastrand::Rng;

use super::plan::{Owed, Speech};

/// The longest line of step 4.
const LONGEST: usize = 4096;

/// A few bytes mostly, and at times many.
fn length(rng: &mut Rng) -> usize {
    let scale = [1, 2, 4, 6, 8, 10, 12, 16][rng.usize(0..8)];
    rng.usize(1..=1 << scale)
}

/// Numbers, so that a byte that is lost or doubled is missed.
fn text(rng: &mut Rng, client: u8, length: usize) -> Vec<u8> {
    let mut text = Vec::with_capacity(length + 16);
    let mut number = rng.u32(..);
    while text.len() < length {
        text.extend(format!("{}{number} ", char::from(b'A' + client)).as_bytes());
        number = number.wrapping_add(1);
    }
    text.truncate(length);
    text
}

pub fn echo(rng: &mut Rng, client: u8) -> Speech {
    let messages: Vec<Vec<u8>> = (0..rng.u8(1..8))
        .map(|_| {
            let length = length(rng);
            text(rng, client, length)
        })
        .collect();
    Speech { owed: Owed::Echo(messages.concat()), messages, is_ended: false }
}

pub fn lines(rng: &mut Rng, client: u8) -> Speech {
    let lines: Vec<Vec<u8>> = (0..rng.u8(1..30))
        .map(|_| {
            let length = length(rng).min(LONGEST);
            text(rng, client, length)
        })
        .collect();
    let end: &[u8] = if rng.bool() { b"\n" } else { b"\r\n" };
    let mut messages: Vec<Vec<u8>> = lines
        .iter()
        .map(|line| match line.len() {
            // The carriage return counts.
            LONGEST => [line, &b"\n"[..]].concat(),
            _ => [line, end].concat(),
        })
        .collect();
    let too_long = rng.u8(0..8) == 0;
    if too_long {
        messages.push(vec![b'x'; LONGEST + 1]);
    }
    Speech { messages, owed: Owed::Lines { lines, too_long }, is_ended: too_long }
}
