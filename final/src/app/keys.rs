//! What is kept is kept under a key.

use std::io::{self, ErrorKind};

use crate::sys;

/// What a random key is made of: no two that look alike.
const LETTERS: &[u8; 32] = b"abcdefghijkmnpqrstuvwxyz23456789";
/// Sixty random bits: nobody guesses one.
const RANDOM_LENGTH: usize = 12;
/// How often a key is drawn at most, if those that were drawn are taken.
const DRAWS: usize = 8;
/// The longest key that may be given, in bytes.
const KEY_LIMIT: usize = 64;

/// Whether a visitor may give this key.
pub fn is_key(key: &str) -> bool {
    let is_letter = |byte: u8| byte.is_ascii_alphanumeric() || b"-_".contains(&byte);
    !key.is_empty() && key.len() <= KEY_LIMIT && key.bytes().all(is_letter)
}

/// A key that nobody guesses, and that is free; the errors are those of getrandom(2).
pub fn random_key(is_free: impl Fn(&str) -> bool) -> io::Result<String> {
    for _ in 0..DRAWS {
        let mut bytes = [0; RANDOM_LENGTH];
        sys::random(&mut bytes)?;
        let letters = bytes.map(|byte| char::from(LETTERS[usize::from(byte % 32)]));
        let key = String::from_iter(letters);
        if is_free(&key) {
            return Ok(key);
        }
    }
    Err(ErrorKind::AlreadyExists.into())
}

#[cfg(test)]
mod tests {
    use std::cell::RefCell;
    use std::collections::BTreeSet;

    use super::*;

    /// A letter of the alphabet is missing in one run of 10^25.
    #[test]
    fn random_keys_use_all_letters_everywhere() {
        let keys: Vec<String> =
            (0..2000).map(|_| random_key(|_| true).unwrap()).collect();
        for place in 0..RANDOM_LENGTH {
            let letters: BTreeSet<u8> =
                keys.iter().map(|key| key.as_bytes()[place]).collect();
            assert!(letters.iter().eq(BTreeSet::from(*LETTERS).iter()), "{place}");
        }
        assert_eq!(keys.iter().collect::<BTreeSet<_>>().len(), keys.len());
    }

    #[test]
    fn a_key_is_drawn_until_one_is_free() {
        let drawn = RefCell::new(Vec::new());
        let third = |key: &str| {
            drawn.borrow_mut().push(key.to_string());
            drawn.borrow().len() == 3
        };
        let key = random_key(third).unwrap();
        assert_eq!(drawn.take().last(), Some(&key));
        assert!(random_key(|_| false).is_err());
    }

    #[test]
    fn a_key_is_letters_digits_and_two_signs() {
        let (longest, longer) = ("k".repeat(64), "k".repeat(65));
        for (key, holds) in [
            ("a-Z_9", true),
            (&longest, true),
            (&longer, false),
            ("", false),
            ("a.b", false),
        ] {
            assert_eq!(is_key(key), holds, "{key}");
        }
    }
}
