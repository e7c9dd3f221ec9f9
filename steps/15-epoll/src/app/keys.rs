use std::io::{self, ErrorKind};

use crate::sys;

const LETTERS: &[u8; 32] = b"abcdefghijkmnpqrstuvwxyz23456789";
const RANDOM_LENGTH: usize = 12;
const DRAWS: usize = 8;
const KEY_LIMIT: usize = 64;

pub fn is_key(key: &str) -> bool {
    let is_letter = |byte: u8| byte.is_ascii_alphanumeric() || b"-_".contains(&byte);
    !key.is_empty() && key.len() <= KEY_LIMIT && key.bytes().all(is_letter)
}

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
