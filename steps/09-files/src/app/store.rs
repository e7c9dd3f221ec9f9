use std::collections::HashMap;

use crate::http::Status;
use crate::sys;

const LETTERS: &[u8; 32] = b"abcdefghijkmnpqrstuvwxyz23456789";
const RANDOM_LENGTH: usize = 12;
const KEY_LIMIT: usize = 64;
const OVERHEAD: usize = 128;

pub struct Store<T> {
    things: HashMap<String, T>,
    room: usize,
}

impl<T: AsRef<[u8]>> Store<T> {
    pub fn new(room: usize) -> Store<T> {
        Store { things: HashMap::new(), room }
    }

    pub fn add(&mut self, query: &str, thing: T) -> Result<String, Status> {
        let key = match query.strip_prefix("key=") {
            Some(key) if is_key(key) => key.to_string(),
            None if query.is_empty() => random_key()?,
            _ => return Err(Status::UnprocessableContent),
        };
        if self.things.contains_key(&key) {
            return Err(Status::Conflict);
        }
        let room = self.room.checked_sub(size(&key, &thing));
        self.room = room.ok_or(Status::InsufficientStorage)?;
        self.things.insert(key.clone(), thing);
        Ok(key)
    }

    pub fn get(&self, key: &str) -> Result<&T, Status> {
        self.things.get(key).ok_or(Status::NotFound)
    }

    pub fn delete(&mut self, key: &str) -> Result<(), Status> {
        let thing = self.things.remove(key).ok_or(Status::NotFound)?;
        self.room += size(key, &thing);
        Ok(())
    }
}

fn size(key: &str, thing: &impl AsRef<[u8]>) -> usize {
    key.len() + thing.as_ref().len() + OVERHEAD
}

fn is_key(key: &str) -> bool {
    let is_letter = |byte: u8| byte.is_ascii_alphanumeric() || b"-_".contains(&byte);
    !key.is_empty() && key.len() <= KEY_LIMIT && key.bytes().all(is_letter)
}

fn random_key() -> Result<String, Status> {
    let mut bytes = [0; RANDOM_LENGTH];
    sys::random(&mut bytes).map_err(|_| Status::InternalServerError)?;
    let letters = bytes.iter().map(|byte| char::from(LETTERS[usize::from(byte % 32)]));
    Ok(letters.collect())
}
