use std::io;

use crate::sys;

const LETTERS: &[u8; 32] = b"abcdefghijkmnpqrstuvwxyz23456789";
const RANDOM_LENGTH: usize = 12;
const KEY_LIMIT: usize = 64;

pub fn is_key(key: &str) -> bool {
    let is_letter = |byte: u8| byte.is_ascii_alphanumeric() || b"-_".contains(&byte);
    !key.is_empty() && key.len() <= KEY_LIMIT && key.bytes().all(is_letter)
}

pub fn random_key() -> io::Result<String> {
    let mut bytes = [0; RANDOM_LENGTH];
    sys::random(&mut bytes)?;
    let letters = bytes.iter().map(|byte| char::from(LETTERS[usize::from(byte % 32)]));
    Ok(letters.collect())
}
