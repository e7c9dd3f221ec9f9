use std::collections::HashMap;

use crate::budget::Reservation;

const OVERHEAD: usize = 128;

pub struct Store<T> {
    entries: HashMap<String, Entry<T>>,
}

struct Entry<T> {
    content: T,
    _room: Reservation,
}

impl<T> Store<T> {
    pub fn new() -> Store<T> {
        Store { entries: HashMap::new() }
    }

    pub fn get(&self, key: &str) -> Option<&T> {
        self.entries.get(key).map(|entry| &entry.content)
    }

    pub fn add(&mut self, key: &str, content: T, mut room: Reservation) -> bool {
        let has_room = room.resize(room.bytes() + key.len() + OVERHEAD);
        if has_room {
            self.entries.insert(key.to_string(), Entry { content, _room: room });
        }
        has_room
    }

    pub fn delete(&mut self, key: &str) -> bool {
        self.entries.remove(key).is_some()
    }
}
