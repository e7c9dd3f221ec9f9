//! The keys that a server draws: step 10, and from there on.

use std::collections::BTreeSet;

use super::posting::{place_of, posted};
use crate::check::Check;
use crate::client::Options;
use crate::evidence::failure::{Attempt, Failure};
use crate::scene::Scene;

pub const CHECKS: &[Check] = &[Check::new(
    10,
    "nobody_guesses_a_key",
    "Keys are drawn at random: of a trillion at least, and each server draws others.",
    nobody_guesses_a_key,
)];

/// How many keys are drawn for links, and how many for pastes.
const EACH: usize = 100;
/// A trillion is 2 to the power of 40, about.
const BITS: f64 = 40.0;

fn nobody_guesses_a_key(scene: &mut Scene) -> Attempt {
    let here = keys(scene)?;
    scene.note("a hundred links and a hundred pastes without a key");
    let bits = bits(&here);
    if bits < BITS {
        let received = format!("2 to the power of {bits:.0}");
        let least = format!("2 to the power of {BITS:.0} at least");
        return Err(Failure::fact("how many keys there can be", least, received));
    }
    scene.note("each place of their keys has as many letters as it takes for a trillion");
    let mut other = Scene::new(scene.program, scene.dialect, scene.patience);
    let there = keys(&mut other)?;
    let known = here.intersection(&there).count();
    if known > 0 {
        let what = "keys of one server that another one draws, too";
        return Err(Failure::fact(what, 0, known));
    }
    scene.note("as many on another server: no key is the same");
    Ok(())
}

fn keys(scene: &mut Scene) -> Attempt<BTreeSet<Vec<u8>>> {
    let mut client = scene.connect_with(Options::QUIET)?;
    let mut keys = BTreeSet::new();
    for target in ["/s", "/p"] {
        for _ in 0..EACH {
            let drawn = posted(&mut client, target, b"http://example.org/")?;
            let place = place_of(&drawn, target)?;
            let key = place.rsplit('/').next().unwrap_or_default();
            keys.insert(key.as_bytes().to_vec());
        }
    }
    if keys.len() < 2 * EACH {
        let what = "keys drawn, each another";
        return Err(Failure::fact(what, 2 * EACH, keys.len()));
    }
    Ok(keys)
}

/// The logarithm of how many keys there are with the letters that were seen at each place.
fn bits(keys: &BTreeSet<Vec<u8>>) -> f64 {
    let places = keys.iter().map(Vec::len).min().unwrap_or(0);
    let letters_at = |place: usize| {
        let letters: BTreeSet<u8> = keys.iter().map(|key| key[place]).collect();
        letters.len() as f64
    };
    (0..places).map(|place| letters_at(place).log2()).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_in_a_row_are_few() {
        let counted = (0..200).map(|number| format!("000000000{number:03}").into_bytes());
        assert!(bits(&counted.collect()) < 8.0);
        let letters = b"0123456789abcdef";
        let mixed = (0..200_usize).map(|number| {
            let letter = |place: usize| letters[(number * (2 * place + 7) + place) % 16];
            (0..12).map(letter).collect()
        });
        assert!(bits(&mixed.collect()) > BITS);
    }
}
