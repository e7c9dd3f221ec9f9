//! Things under keys, in memory.

use std::collections::HashMap;

use crate::http::Status;
use crate::sys;

/// What a random key is made of: no two that look alike.
const LETTERS: &[u8; 32] = b"abcdefghijkmnpqrstuvwxyz23456789";
/// Sixty random bits: nobody guesses one.
const RANDOM_LENGTH: usize = 12;
/// The longest key that may be given, in bytes.
const KEY_LIMIT: usize = 64;
/// What a thing takes beside its key and content, in bytes, about.
const OVERHEAD: usize = 128;

/// Things of one kind, as many as there is room for.
pub struct Store<T> {
    things: HashMap<String, T>,
    /// How many more bytes they may take.
    room: usize,
}

impl<T: AsRef<[u8]>> Store<T> {
    /// An empty store with room for so many bytes.
    pub fn new(room: usize) -> Store<T> {
        Store { things: HashMap::new(), room }
    }

    /// Keeps a thing under the key that `query` gives, or a random one; gives the key.
    ///
    /// 422 for what isn't a key, 409 for one that is taken, 507 if there is no room.
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

    /// The thing under this key, or 404.
    pub fn get(&self, key: &str) -> Result<&T, Status> {
        self.things.get(key).ok_or(Status::NotFound)
    }

    /// Lets the thing under this key go, or is 404.
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

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn a_thing_takes_its_room_and_gives_it_back() {
        let one = "key".len() + "thing".len() + OVERHEAD;
        let mut store = Store::new(2 * one);
        assert_eq!(store.add("key=one", "thing"), Ok("one".into()));
        assert_eq!(store.add("key=two", "thing"), Ok("two".into()));
        assert_eq!(store.room, 0);
        assert_eq!(store.add("key=six", "thing"), Err(Status::InsufficientStorage));
        assert_eq!(store.delete("one"), Ok(()));
        assert_eq!(store.room, one);
        assert_eq!(store.add("key=six", "things"), Err(Status::InsufficientStorage));
        assert_eq!(store.add("key=six", "thing"), Ok("six".into()));
    }

    /// A letter of the alphabet is missing in one run of 10^25.
    #[test]
    fn random_keys_use_all_letters_everywhere() {
        let keys: Vec<String> = (0..2000).map(|_| random_key().unwrap()).collect();
        for place in 0..RANDOM_LENGTH {
            let letters: BTreeSet<u8> =
                keys.iter().map(|key| key.as_bytes()[place]).collect();
            assert!(letters.iter().eq(BTreeSet::from(*LETTERS).iter()), "{place}");
        }
        assert_eq!(keys.iter().collect::<BTreeSet<_>>().len(), keys.len());
    }
}
